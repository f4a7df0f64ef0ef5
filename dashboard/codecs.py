"""Technical words with digits in them: in a message they are the cause, not somebody's number."""

import re

_CODECS = (
    r"h\.?26[1-6]|x26[456]|avc[1-4]?|hvc1|hev[cs]?1?|vp[3-9]|av0?1|mp[1-4][avs]?|mp4io|m4[abprsv]|3gpp?2?|3g2"
    r"|3gp|mj2|mjpeg2000|jpeg2000|j2k"
    r"|m3u8?|extm3u|f4[av]|f4v|mpeg-?[1-4][a-z]*|mpeg-?4-?avc|msmpeg4[a-z]*\d?|m2ts|m2v|mp2t|fmp4|e?ac-?[34]|ac4"
    r"|mp3[a-z]*|dv[0-9]{1,3}p?|g\.?7\d\d(?:\.\d)?|wm[av]\d?(?:pro|lossless|voice)?"
    r"|flv1|vc-?[1-5]|svq[13]|rv[1-6]0|indeo[2-5]|cinepak|theora3?|opus|speex|dnxh[dr]\d*|prores(?:_\w+"
    r"|\d{3,4}\w*)?|v[24][10]0|v[34]08|y41p|apc[hnso]|apch|ffv1"
    r"|hap[1-9aqm]?|r[12]0[bk]|xavc|tscc2?|qdm2|eia_?[67]08|cea-?[67]08|id3(?:v2)?|scte-?35|hdr10\+?|bt\.?(?:601"
    r"|709|2020)(?:nc|cl|[_-]\w+)?|rec\.?(?:601|709|2020)"
    r"|pcm_\w+|adpcm_\w+|[spuf](?:8|16|24|32|64)(?:le|be|p)?|(?:flt|dbl|s16|s32|u8)p?|chacha20(?:poly1305)?"
    r"|poly1305|webm|l16|amr[nw]b"
    r"|(?:main|high|hi|baseline)[-_ ]?(?:10|12|422|444)\w*|smpte-?\d+\w*|(?:avc|hvc|hev|mp4a|av0|vp0"
    r"|dv[ah])\w?[1-9]\.[\w.]+|mp4a\.[\w.]+|ec-3|ac-3"
)
_PIXELS = (
    r"yuv[aj]?\d{3,4}p?\d*(?:le|be)?|p[02]1[0-6](?:le|be)?|nv(?:12|16|20|21|24|42)(?:le|be)?|uyvy422|yuyv422"
    r"|y2[12][02](?:le|be)?|i4[24][024]"
    r"|x?(?:rgb|bgr|gbr|argb|abgr|rgba|bgra)a?p?\d*(?:le|be)?f?\d*(?:le|be)?|gray[af]?\d*(?:le|be)?|ya\d+(?:le"
    r"|be)?|mono[bw]|pal8|bayer_\w+|4:[0-4]:[0-4]"
)
_NETS = (
    r"s3|ec2|r2|b2|k[83]s|ipv?[46]|http[/ ]?[123](?:\.\d)?|http2|https?|h[23]c?|tls ?v?1(?:\.\d)?|tlsv1\.\d"
    r"|sslv?[23]|ssl3(?:_\w+)?|x\.?509|oauth-?2|socks[45]"
    r"|p2p|web3|w3s?|c2pa|libp2p|ip[46]|tcp[46]|udp[46]|sha-?\d{1,3}|sha[23]-\d{3}|md[245]|crc-?\d{1,2}c?"
    r"|blake[23][bs]?|base-?(?:32|36|58|64)(?:url|std|hex)?"
    r"|aes-?(?:128|192|256)(?:[-_][a-z]+)*|rsa-?\d{4}|ed25519|x25519|secp256[kr]1|[hre]s(?:256|384|512)"
    r"|utf-?(?:8|16|32)(?:le|be|mb\d)?|iso-?8859(?:-\d+)?|latin-?1|oauth1|rfc-?\d+"
    r"|[2345]xx|amd64|x86(?:_64)?|arm(?:64|v[678])|aarch64|i[36]86|win(?:32|64)|(?:u?int|float|complex)(?:8|16"
    r"|32|64|128)|f(?:16|32|64)|log4j"
)
_WRAPPED = r"(?:lib|mp4_|lavc_)?"  # libx264rgb, h264_nvenc, hevc_mp4toannexb
_KNOWN = re.compile(
    rf"{_WRAPPED}(?:{_CODECS}|{_PIXELS}|{_NETS})(?:rgb|[_-](?:[a-z]+\d?[a-z]+|[a-z]+))*|lib[\w+-]+\.so(?:\.\d+)*", re.I
)


def is_technical(word: str) -> bool:
    """Whether a word with digits is the name of a codec, a pixel format, a protocol or the like."""
    return len(word) <= 40 and _KNOWN.fullmatch(word) is not None
