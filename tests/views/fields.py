"""Every field that a task's document may have: those of Studio's API reference, and those that its server sends without
saying so. A word after a path is the kind of its value; without one it is a text."""

DOCUMENTED = """
id
type
createdAt number
scheduledAt number
inputAssetId
outputAssetId
projectId
requesterId
params.upload.url
params.upload.encryption
params.upload.c2pa flag
params.upload.profiles[0].width number
params.upload.profiles[0].name
params.upload.profiles[0].height number
params.upload.profiles[0].bitrate number
params.upload.profiles[0].quality number
params.upload.profiles[0].fps number
params.upload.profiles[0].fpsDen number
params.upload.profiles[0].gop
params.upload.profiles[0].profile
params.upload.profiles[0].encoder
params.upload.targetSegmentSizeSecs number
params.export.custom.url
params.export.custom.method
params.export.custom.headers object
params.export.ipfs.pinata.jwt
params.export.ipfs.pinata.apiKey
params.export.ipfs.pinata.apiSecret
params.exportData.content object
params.exportData.ipfs.pinata.jwt
params.exportData.ipfs.pinata.apiKey
params.exportData.ipfs.pinata.apiSecret
params.exportData.type
params.exportData.id
params.transcode-file.input.url
params.transcode-file.storage.url
params.transcode-file.outputs.hls.path
params.transcode-file.outputs.mp4.path
params.transcode-file.profiles[0].width number
params.transcode-file.profiles[0].name
params.transcode-file.profiles[0].height number
params.transcode-file.profiles[0].bitrate number
params.transcode-file.profiles[0].quality number
params.transcode-file.profiles[0].fps number
params.transcode-file.profiles[0].fpsDen number
params.transcode-file.profiles[0].gop
params.transcode-file.profiles[0].profile
params.transcode-file.profiles[0].encoder
params.transcode-file.targetSegmentSizeSecs number
params.transcode-file.creatorId.type
params.transcode-file.creatorId.value
params.transcode-file.c2pa flag
params.clip.url
params.clip.clipStrategy.startTime number
params.clip.clipStrategy.endTime number
params.clip.clipStrategy.playbackId
params.clip.catalystPipelineStrategy
params.clip.sessionId
params.clip.inputId
status.phase
status.updatedAt number
status.progress number
status.errorMessage
status.retries number
status.step
output.upload.videoFilePath
output.upload.metadataFilePath
output.upload.assetSpec.id
output.upload.assetSpec.type
output.upload.assetSpec.playbackId
output.upload.assetSpec.userId
output.upload.assetSpec.staticMp4 flag
output.upload.assetSpec.playbackUrl
output.upload.assetSpec.downloadUrl
output.upload.assetSpec.playbackPolicy.type
output.upload.assetSpec.playbackPolicy.webhookId
output.upload.assetSpec.playbackPolicy.webhookContext object
output.upload.assetSpec.playbackPolicy.refreshInterval number
output.upload.assetSpec.playbackPolicy.allowedOrigins[0]
output.upload.assetSpec.source.type
output.upload.assetSpec.source.url
output.upload.assetSpec.source.gatewayUrl
output.upload.assetSpec.source.encryption
output.upload.assetSpec.source.sessionId
output.upload.assetSpec.source.sourceId
output.upload.assetSpec.source.playbackId
output.upload.assetSpec.source.requesterId
output.upload.assetSpec.source.assetId
output.upload.assetSpec.creatorId.type
output.upload.assetSpec.creatorId.value
output.upload.assetSpec.profiles[0].width number
output.upload.assetSpec.profiles[0].name
output.upload.assetSpec.profiles[0].height number
output.upload.assetSpec.profiles[0].bitrate number
output.upload.assetSpec.profiles[0].quality number
output.upload.assetSpec.profiles[0].fps number
output.upload.assetSpec.profiles[0].fpsDen number
output.upload.assetSpec.profiles[0].gop
output.upload.assetSpec.profiles[0].profile
output.upload.assetSpec.profiles[0].encoder
output.upload.assetSpec.storage.ipfs.spec.nftMetadataTemplate
output.upload.assetSpec.storage.ipfs.spec.nftMetadata object
output.upload.assetSpec.storage.ipfs.nftMetadata.cid
output.upload.assetSpec.storage.ipfs.nftMetadata.url
output.upload.assetSpec.storage.ipfs.nftMetadata.gatewayUrl
output.upload.assetSpec.storage.ipfs.updatedAt number
output.upload.assetSpec.storage.status.phase
output.upload.assetSpec.storage.status.progress number
output.upload.assetSpec.storage.status.errorMessage
output.upload.assetSpec.storage.status.tasks.pending
output.upload.assetSpec.storage.status.tasks.last
output.upload.assetSpec.storage.status.tasks.failed
output.upload.assetSpec.status.phase
output.upload.assetSpec.status.updatedAt number
output.upload.assetSpec.status.progress number
output.upload.assetSpec.status.errorMessage
output.upload.assetSpec.name
output.upload.assetSpec.projectId
output.upload.assetSpec.createdAt number
output.upload.assetSpec.createdByTokenName
output.upload.assetSpec.size number
output.upload.assetSpec.hash[0].hash
output.upload.assetSpec.hash[0].algorithm
output.upload.assetSpec.videoSpec.format
output.upload.assetSpec.videoSpec.duration number
output.upload.assetSpec.videoSpec.bitrate number
output.upload.assetSpec.videoSpec.tracks[0].type
output.upload.assetSpec.videoSpec.tracks[0].codec
output.upload.assetSpec.videoSpec.tracks[0].startTime number
output.upload.assetSpec.videoSpec.tracks[0].duration number
output.upload.assetSpec.videoSpec.tracks[0].bitrate number
output.upload.assetSpec.videoSpec.tracks[0].width number
output.upload.assetSpec.videoSpec.tracks[0].height number
output.upload.assetSpec.videoSpec.tracks[0].pixelFormat
output.upload.assetSpec.videoSpec.tracks[0].fps number
output.upload.assetSpec.videoSpec.tracks[0].channels number
output.upload.assetSpec.videoSpec.tracks[0].sampleRate number
output.upload.assetSpec.videoSpec.tracks[0].bitDepth number
output.export.ipfs.videoFileCid
output.export.ipfs.videoFileUrl
output.export.ipfs.videoFileGatewayUrl
output.export.ipfs.nftMetadataCid
output.export.ipfs.nftMetadataUrl
output.export.ipfs.nftMetadataGatewayUrl
output.exportData.ipfs.cid
"""

# Read in the server's source or observed on the real server; some are kept from users by it, but old rows have them.
UNDOCUMENTED = """
name
userId
deleted flag
sourceReadyAt number
params.import.url
params.upload.encryption.key
params.upload.encryption.encryptedKey
params.upload.thumbnails flag
params.upload.catalystPipelineStrategy
params.upload.uploadedObjectKey
params.upload.recordedSessionId
params.export.custom.headers.Authorization
params.export.ipfs.nftMetadataTemplate
params.export.ipfs.nftMetadata object
params.exportData.ipfs.nftMetadataTemplate
params.exportData.ipfs.nftMetadata object
params.transcode-file.outputs.fmp4.path
params.transcode-file.creatorId
params.clip.sourceObjectStoreId
output.upload.assetSpec.files[0]
output.upload.assetSpec.storage.ipfs.cid
output.upload.assetSpec.storage.ipfs.url
output.upload.assetSpec.storage.ipfs.gatewayUrl
output.upload.assetSpec.videoSpec.tracks[0].endTime number
output.clip.assetSpec.name
output.clip.assetSpec.type
output.clip.assetSpec.size number
output.clip.assetSpec.hash[0].hash
output.clip.assetSpec.videoSpec.duration number
output.clip.assetSpec.videoSpec.tracks[0].codec
output.export.internal
output.transcodeFile.requestId
output.transcodeFile.baseUrl
output.transcodeFile.hls.path
output.transcodeFile.mp4[0].path
output.transcodeFile.fmp4.path
output.transcodeFile.inputVideo.duration number
output.transcodeFile.inputVideo.sizeBytes number
"""
