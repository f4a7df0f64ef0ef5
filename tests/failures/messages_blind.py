# ruff: noqa: E501
"""Messages as such a pipeline prints them, labelled by someone who has not seen the fingerprint function."""

from tests.failures import Message

# A line "# label" opens a group. Each line below it is "type,type| message"; ⏎ is a line break, ⇥ one with a tab.
TABLE = r"""
# export target 403
export| error on export request: http status 403 Forbidden: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>8XJ2K4T1Q0ZB7N3M</RequestId></Error>"
export| error on export request: http status 403 Forbidden: "{\"message\":\"Forbidden\"}"
export| error on export request: http status 403 Forbidden: "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx/1.25.3</center>\r\n</body>\r\n</html>\r\n"
# export target 404
export| error on export request: http status 404 Not Found: "{\"error\":\"upload session 66021 not found\"}"
export| error on export request: http status 404 Not Found: "404 page not found\n"
# export target 507
export| error on export request: http status 507 Insufficient Storage: "quota of 10 GiB used up"
# export target 500
export| error on export request: http status 500 Internal Server Error: ""
export| error on export request: http status 500 Internal Server Error: "{\"statusCode\":500,\"error\":\"Internal Server Error\",\"message\":\"An internal server error occurred\"}"
# export host unknown
export| error on export request: Put "https://media-out.acme-studios.tv/in/7f3c.mp4?X-Amz-Expires=3600&X-Amz-Signature=0b9d31fe77": dial tcp: lookup media-out.acme-studios.tv on 10.43.0.10:53: no such host
export| error on export request: Put "https://uploads.example.org/v/final%20cut.mp4": dial tcp: lookup uploads.example.org on 169.254.20.10:53: no such host
# export host dns broken
export| error on export request: Put "https://uploads.example.org/v/final%20cut.mp4": dial tcp: lookup uploads.example.org on 169.254.20.10:53: server misbehaving
# export refused
export| error on export request: Put "http://203.0.113.44:9000/videos/a1.mp4": dial tcp 203.0.113.44:9000: connect: connection refused
export| error on export request: Put "https://minio.kinoteka.pl/bucket-2/out.mp4?partNumber=1": dial tcp 51.38.140.2:443: connect: connection refused
# export reset
export| error on export request: Put "https://minio.kinoteka.pl/bucket-2/out.mp4": write tcp 10.12.4.31:51234->51.38.140.2:443: write: connection reset by peer
export| error on export request: Put "http://203.0.113.44:9000/videos/a1.mp4": write tcp 10.12.7.8:40112->203.0.113.44:9000: write: connection reset by peer
# export broken pipe
export| error on export request: Put "https://minio.kinoteka.pl/bucket-2/out.mp4": write tcp 10.12.4.31:51234->51.38.140.2:443: write: broken pipe
# export dial timeout
export| error on export request: Put "http://203.0.113.44:9000/videos/a1.mp4": dial tcp 203.0.113.44:9000: i/o timeout
# export no route
export| error on export request: Put "http://203.0.113.44:9000/videos/a1.mp4": dial tcp 203.0.113.44:9000: connect: no route to host
# export tls expired
export| error on export request: Put "https://cdn-push.oldserver.net/x.mp4": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2024-03-02T11:20:41Z is after 2024-02-28T23:59:59Z
export| error on export request: Put "https://nas.familie-huber.at:8443/share/clip_22.mp4": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2023-11-19T04:01:09Z is after 2023-09-30T12:00:00Z
# export tls unknown authority
export| error on export request: Put "https://nas.familie-huber.at:8443/share/clip_22.mp4": tls: failed to verify certificate: x509: certificate signed by unknown authority
export| error on export request: Put "https://10.8.0.1/ingest": tls: failed to verify certificate: x509: certificate signed by unknown authority
# export tls wrong name
export| error on export request: Put "https://files.acme.io/in": tls: failed to verify certificate: x509: certificate is valid for *.herokuapp.com, herokuapp.com, not files.acme.io
# pinata 401
export,export-data| http status 401 Unauthorized: "{\"error\":{\"reason\":\"INVALID_CREDENTIALS\",\"details\":\"Invalid/expired credentials\"}}"
export| http status 401 Unauthorized: "Invalid authorization"
# pinata 429
export| http status 429 Too Many Requests: "{\"error\":{\"reason\":\"RATE_LIMITED\",\"details\":\"limit of 180 requests per minute\"}}"
export-data| http status 429 Too Many Requests: "error code: 1015"
# pinata 403
export| http status 403 Forbidden: "{\"error\":{\"reason\":\"FREE_PLAN_LIMIT\",\"details\":\"Account blocked due to plan usage limit\"}}"
# file name of asset
export| unable to find download filename for asset: 3a9f5c1e-7d20-4b8e-9c61-0f2ad4b7e935
export| unable to find download filename for asset: c04ecfb2-11aa-4f0c-8d0e-5f4e5a6b7c8d
# player nft
export| cannot create player NFT for asset without playback URL
# export params missing
export| missing `ipfs` or `custom` export desination params: custom=<nil>, ipfs=<nil>
# import inaccessible
upload,import,transcode-file| file could not be imported from URL because it was not accessible
# internal error
upload,clip,transcode-file| internal error processing file
# internal error saving
upload,transcode-file| error saving file to storage
# catalyst lost
upload| catalyst task lost (last update 2024-01-11 08:31:07.412 +0000 UTC)
transcode-file| catalyst task lost (last update 2023-06-30 22:10:59.003 +0000 UTC)
clip| catalyst task lost (last update 2024-05-01 00:00:12.9 +0000 UTC)
# source copy missing
upload| source copy from catalyst not found taskId=0d3c9e11-5a7f-4a68-8c2b-f3e1d2c4b5a6 err=not found
clip| source copy from catalyst not found taskId=b77e2f10-93c4-4d7d-a1a0-4e5d6c7b8a99 err=not found
# catalyst 400
upload| input error on catalyst request: http status 400 Bad Request: "{\"error\":\"Invalid request payload\",\"error_detail\":\"url: Does not match format 'uri'\"}"
transcode-file| input error on catalyst request: http status 400 Bad Request: "{\"error\":\"Cannot parse output_locations\"}"
# unknown type
import| unknown task type="import"
transcode-file| unknown task type="transcode_file"
# copy 404
upload| error copying input to storage: failed to copy file(s): download error import request https://example.com/raw/IMG_2201.MOV: 404 Not Found
import| error copying input to storage: failed to copy file(s): download error import request https://drive.google.com/uc?export=download&id=1aBcD_eFgHiJkLmNoPqRsTuVwXyZ012: 404 Not Found
transcode-file| error copying input to storage: failed to copy file(s): download error import request http://198.51.100.7/a/b/c.mkv?token=eyJhbGciOiJIUzI1NiJ9.e30.Xm4q: 404 Not Found
# copy 403
upload| error copying input to storage: failed to copy file(s): download error import request https://example.com/raw/IMG_2201.MOV: 403 Forbidden
transcode-file| error copying input to storage: failed to copy file(s): download error import request https://f004.backblazeb2.com/file/bkt-a/2024/05/show.mp4: 403 Forbidden
# copy 410
import| error copying input to storage: failed to copy file(s): download error import request https://example.com/raw/IMG_2201.MOV: 410 Gone
# retry get gave up
upload| error copying input to storage: GET https://cdn.vids.example/u/88121.mp4 giving up after 6 attempt(s)
import| error copying input to storage: GET http://93.184.216.34:8081/stream?id=5&dl=1 giving up after 3 attempt(s)
# zero bytes
upload| error copying input to storage: zero bytes found for source: s3+https://AKIAXXXXEXAMPLE:xxxxx@storage.example.com/bucket/directUpload/3f7a2bqkcm1x9e0d
upload| error copying input to storage: zero bytes found for source: https://lp-in.sfo3.digitaloceanspaces.com/directUpload/9d1ezzk4ph2u7caw/source
# too big
upload| invalid input video file: input file 42949672960 bytes was greater than 32212254720 bytes
transcode-file| invalid input video file: input file 33285996544 bytes was greater than 32212254720 bytes
# too long for mediaconvert
upload| input too long for mediaconvert: 90210.44
transcode-file| input too long for mediaconvert: 46801
# mediaconvert 3450
upload| external transcoder error: job failed: [1040, 3450] S3 Read Error: unable to open input file [s3://lp-us-vod-com/vod/2f6c/source.mp4]: [Failed probe/open: [Failed to read data: AssumeRole tokens]]
transcode-file| external transcoder error: job failed: [1040, 3450] S3 Read Error: unable to open input file [s3://lp-ai/vod/9c-77/in.mov]: [Failed probe/open: [Failed to read data: AssumeRole tokens]]
# mediaconvert no tracks
upload| external transcoder error: job failed: Unable to open input file [s3://lp-us-vod-com/vod/2f6c/source.mp4]: [Invalid video track: no tracks found]
upload| external transcoder error: job failed: Unable to open input file [s3://lp-us-vod-com/vod/71ab30/source.mp4]: [Invalid video track: no tracks found]
# mediaconvert took too long
upload| external transcoder error: job took too long so was cancelled: 1704102993021-x8dk2p
transcode-file| external transcoder error: job took too long so was cancelled: 1699381200455-qa01zz
# mediaconvert throttled
upload| external transcoder error: error creating mediaconvert job: TooManyRequestsException: Too Many Requests⇥status code: 429, request id: 5b0f2c66-6f5e-4a9f-8a53-1d2a6b8c9d0e
transcode-file| external transcoder error: error creating mediaconvert job: TooManyRequestsException: Too Many Requests⇥status code: 429, request id: e12d98f0-40b3-4d06-bb1e-90ab81cd72ef
# mediaconvert forbidden
upload| external transcoder error: error creating mediaconvert job: ForbiddenException: The security token included in the request is invalid⇥status code: 403, request id: 77aa3c10-02f9-4c2c-9c39-65b2de401f88
# vp9 in mp4
upload| error checking for video: VP9 in an MP4 container is not supported
# no streams
upload,transcode-file| no video or audio stream found
# probe of segment
upload| probe failed for segment https://storage.example.com/bucket/hls/81f7k2/index0.ts: signal: killed
clip| probe failed for segment https://os.fra.vid.example/rec/4242/source/1703.ts: signal: killed
# probe of segment exit
clip| probe failed for segment https://os.fra.vid.example/rec/4242/source/1703.ts: exit status 1
clip| probe failed for segment https://storage.example.com/bucket/hls/00ab/11.ts?sig=ff: exit status 1
# moov
upload| error probing: exit status 1 [[mov,mp4,m4a,3gp,3g2,mj2 @ 0x5581e0cf0740] moov atom not found⏎/tmp/src-1830021.mp4: Invalid data found when processing input]
transcode-file| error probing: exit status 1 [[mov,mp4,m4a,3gp,3g2,mj2 @ 0x7fd3a4008c00] moov atom not found⏎https://a.example/b/holiday.mp4: Invalid data found when processing input]
# ebml
upload| error probing: exit status 1 [[matroska,webm @ 0x55d2b1a3f6c0] EBML header parsing failed⏎/tmp/src-220.webm: Invalid data found when processing input]
upload| error probing: exit status 1 [[matroska,webm @ 0x56120f00e2c0] EBML header parsing failed⏎/var/tmp/in/9a8b7c.mkv: Invalid data found when processing input]
# ffmpeg 401
upload| error probing: exit status 1 [[https @ 0x55fa6f8b8a80] HTTP error 401 Unauthorized⏎https://stream.example/live.m3u8?auth=no: Server returned 401 Unauthorized (authorization failed)]
# height odd
upload| [libx264 @ 0x562c7a3e5d40] height not divisible by 2 (1280x719)
transcode-file| [libx264 @ 0x55700ac121c0] height not divisible by 2 (854x481)
# width odd
upload| [libx264 @ 0x562c7a3e5d40] width not divisible by 2 (853x480)
# disk full
upload| error writing trailer of /tmp/transcode-55120/out_720p.mp4: No space left on device
clip| error writing trailer of /data/work/c9/rendition-2.mp4: No space left on device
# disk permission
clip| error writing trailer of /data/work/c9/rendition-2.mp4: Permission denied
# clip range
clip| error clipping: invalid start/end time for clipping: clip start time 1700000061000 is after end time 1700000031000
clip| error clipping: invalid start/end time for clipping: clip start time 1688169605123 is after end time 1688169600000
# clip out of manifest
clip| error clipping: start time 512.40 is beyond the end of the manifest 388.00
clip| error clipping: start time 30.00 is beyond the end of the manifest 12.96
# clip no segments
clip| error clipping: no relevant segments found in the specified time range [12.00, 48.50]
clip| error clipping: no relevant segments found in the specified time range [3600.25, 3660.25]
# clip playlist kind
clip| error clipping: received non-Media manifest, but currently only Media playlists are supported
# broadcaster no orchestrators
upload| failed to transcode segment 14: broadcaster returned 503: No orchestrators available
clip| failed to transcode segment 0: broadcaster returned 503: No orchestrators available
# broadcaster session
upload| failed to transcode segment 14: broadcaster returned 500: TranscodeLoopTimeout
transcode-file| failed to transcode segment 203: broadcaster returned 500: TranscodeLoopTimeout
# broadcaster 422
upload| failed to transcode segment 7: broadcaster returned 422: unsupported input codec
# s3 denied
upload| failed to upload /vod/9f/master.m3u8: AccessDenied: Access Denied⇥status code: 403, request id: 4442587FB7D0A2F9, host id: Lf9Zc0zPqk2YB7m1+Q8x/3sUuC0m1qkPzS4=
transcode-file| failed to upload /out/1080p0.mp4: AccessDenied: Access Denied⇥status code: 403, request id: 17A2C3D1E0F9B8A7, host id: dd9025bab4ad464b049177c95eb6ebf374d3b3fd1af9251148b658df7ac2e3e8
# s3 bad signature
transcode-file| failed to upload /out/1080p0.mp4: SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your key and signing method.⇥status code: 403, request id: 17A2C3D1E0F9B8A7, host id: Hk2+
# s3 bad key
transcode-file| failed to upload /out/1080p0.mp4: InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.⇥status code: 403, request id: 0E9D8C7B6A5F4E3D, host id: pQ/9vT0b1cXk3m7aZr==
transcode-file| failed to upload /a/b/index.m3u8: InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.⇥status code: 403, request id: tx00000a1b2c-0065f0aa91-3b1d-nyc3c, host id: mB8nUq4Lw+e0
# s3 no bucket
transcode-file| failed to upload /a/b/index.m3u8: NoSuchBucket: The specified bucket does not exist⇥status code: 404, request id: 9B1E44D0A7C2F350, host id: rT5yJx1Kd/Vf2=
# s3 slow down
upload| failed to upload /hls/0/7.ts: SlowDown: Please reduce your request rate.⇥status code: 503, request id: 7KX2M9QT41ZB0N8A, host id: Zc9/0sQe7Wn3g==
upload| failed to upload /hls/2/118.ts: SlowDown: Please reduce your request rate.⇥status code: 503, request id: 0A1B2C3D4E5F6071, host id: a8Xo+L2tPb6=
# gcs denied
upload| googleapi: Error 403: vod-writer@livepeer-prod-1.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage object., forbidden
transcode-file| googleapi: Error 403: sa-77@customer-x.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage object., forbidden
# gcs rate
upload| googleapi: Error 429: The object lp-vod/hls/4f2c/index.m3u8 exceeded the rate limit for object mutation operations (create, update, and delete)., rateLimitExceeded
upload| googleapi: Error 429: The object media-7/asset/a0/video exceeded the rate limit for object mutation operations (create, update, and delete)., rateLimitExceeded
# ipfs merkledag
export| ipfs resolve -r /ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPBdG/video: no link named "video" under QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPBdG
import| ipfs resolve -r /ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/0.mp4: no link named "0.mp4" under bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi
# ipfs deadline
import| ipfs resolve -r /ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPBdG/video: context deadline exceeded
# gateway timeouts
import| all gateways failed for cid bafybeih5dbsvzc5gvcd3bysvvkwqz7yzm3n6tktx2yq2ynbxrxqdxfyfnq: tried 3, last after 2m0s
upload| all gateways failed for cid QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o: tried 5, last after 45.2s
# pod evicted
upload| pod task-runner-6c9d7f5b8-kx2vq was evicted: The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 812Mi.
clip| pod task-runner-54b8c6d9f7-9mzlt was evicted: The node was low on resource: ephemeral-storage. Threshold quantity: 4Gi, available: 96Mi.
# pod oom
upload| container catalyst in pod catalyst-vod-3 terminated: OOMKilled (exit code 137)
transcode-file| container catalyst in pod catalyst-vod-12 terminated: OOMKilled (exit code 137)
# pg too many clients
upload| pq: sorry, too many clients already
# pg unique
upload| pq: duplicate key value violates unique constraint "asset_pkey": Key (id)=(5b7c9e12-0d4f-4b61-8a3e-2f1d0c9b8a76) already exists.
clip| pq: duplicate key value violates unique constraint "asset_pkey": Key (id)=(ee01ab34-77f2-4c55-b0f9-aa77d1c2e3f4) already exists.
# pg unique playback
upload| pq: duplicate key value violates unique constraint "asset_playback_id": Key (playbackId)=(6d5bkq2m9x0zt7ha) already exists.
# pg statement timeout
export| pq: canceling statement due to statement timeout
# pg user request
export| pq: canceling statement due to user request
# node undefined
upload| TypeError: Cannot read properties of undefined (reading 'videoSpec')
# node refused
export-data| FetchError: request to http://localhost:3004/api/asset/9c1e failed, reason: connect ECONNREFUSED 127.0.0.1:3004
export-data| FetchError: request to https://origin.livepeer.example/api/asset/70d2-aa?strict=true failed, reason: connect ECONNREFUSED 10.244.3.17:443
# node hang up
export-data| FetchError: request to http://localhost:3004/api/asset/9c1e failed, reason: socket hang up
# mist dtsc
upload| mist: stream video+8f2ckq0m1zx7tb3d failed to start: no input handler for /data/in/8f2c.avi
upload| mist: stream video+1e9dqpl5w7rn2c4k failed to start: no input handler for rtmp://198.51.100.20/live/cam-3
# callback
upload| error sending callback to https://livepeer.studio/api/task/callback/5e1f after 3 retries: unexpected status 502
transcode-file| error sending callback to https://hooks.customer.example:8443/vod?job=77 after 10 retries: unexpected status 502
# callback 401
transcode-file| error sending callback to https://hooks.customer.example:8443/vod?job=77 after 10 retries: unexpected status 401
# storage quota
upload| storage limit reached: 1.02 TB of 1 TB used by user 4c2a7e90-8b1d-4f63-9e05-d7c6b5a49382
upload| storage limit reached: 50.3 GB of 50 GB used by user 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
# minutes quota
upload| transcoding limit reached: 1003 of 1000 minutes used by user 4c2a7e90-8b1d-4f63-9e05-d7c6b5a49382
# access denied gate
clip| playback of 71c3p0qz8dmk2xva is blocked by the access control webhook https://gate.dao.example/check: answered 403
clip| playback of e08bt5w2nly9q4rk is blocked by the access control webhook http://192.0.2.18/allow?x=1: answered 403
# c2pa
upload| c2pa: failed to sign /tmp/c2pa-1829/out.mp4: certificate chain of 1 certificates is not trusted
upload| c2pa: failed to sign /var/folders/xx/T/c2pa-2/final.mp4: certificate chain of 3 certificates is not trusted
"""


def _messages() -> list[Message]:
    found: list[Message] = []
    group = ""
    for line in TABLE.strip().splitlines():
        if line.startswith("# "):
            group = line.removeprefix("# ")
            continue
        types, text = line.split("| ", 1)
        text = text.replace("⇥", "\n\t").replace("⏎", "\n")
        found.extend(Message(text, task_type, group) for task_type in types.split(","))
    return found


MESSAGES = _messages()
