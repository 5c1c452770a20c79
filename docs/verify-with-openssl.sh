#!/bin/sh
# Checks the signature of a sealed sheet, an arrival or a registry snapshot with openssl alone.
#
#   verify-with-openssl.sh FILE PUBLIC_KEY.pem [PAYLOAD]
#
# Takes the signature that was made with PUBLIC_KEY.pem. Writes the signed content to PAYLOAD when it holds.
# Exit code 0: the signature holds; 1: it does not; 2: it cannot be checked.
# ES256 needs openssl 1.1.1 or later, SM2-SM3 an openssl 3 that was built with SM2.
set -eu
LC_ALL=C
export LC_ALL

fail() { echo "$2" >&2; exit "$1"; }

[ $# -ge 2 ] && [ $# -le 3 ] || fail 2 "用法：$0 文件 公钥.pem [内容输出文件]"
file=$1 key=$2 output=${3:-}
[ -r "$file" ] && [ -r "$key" ] || fail 2 "文件无法读取"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

# base64url (RFC 7515) on standard input to bytes.
decode() {
    text=$(tr -- '-_' '+/')
    case $((${#text} % 4)) in
        2) text="$text==" ;;
        3) text="$text=" ;;
    esac
    printf '%s\n' "$text" | fold -w 64 | openssl base64 -d
}

# The key's id: base64url of the SHA-256 of its SubjectPublicKeyInfo.
openssl pkey -pubin -in "$key" -outform DER -out "$work/key.der" 2>/dev/null || fail 2 "不是本机 openssl 能读的公钥文件：$key"
kid=$(openssl dgst -sha256 -binary "$work/key.der" | openssl base64 -A | tr -- '+/' '-_' | tr -d '=')

# The whole file is one line of one exact form; cut it at every brace.
entry='\{"protected":"[A-Za-z0-9_-]+","signature":"[A-Za-z0-9_-]+"\}'
form="^\\{\"payload\":\"[A-Za-z0-9_-]*\",\"signatures\":\\[$entry(,$entry)*\\]\\}\$"
[ "$(grep -c '' "$file")" -eq 1 ] && grep -Eq "$form" "$file" || fail 1 "无效：不是规定格式的签名文件"
tr '{' '\n' <"$file" >"$work/parts"
sed -n 's/^"payload":"\([A-Za-z0-9_-]*\)",.*$/\1/p' "$work/parts" | tr -d '\n' >"$work/payload"
sed -n 's/^"protected":"\([A-Za-z0-9_-]*\)","signature":"\([A-Za-z0-9_-]*\)".*$/\1 \2/p' "$work/parts" >"$work/signatures"

# The signature made with this key.
found=
while read -r protected signature || [ -n "$protected" ]; do
    header=$(printf '%s' "$protected" | decode)
    case $header in *"\"kid\":\"$kid\""*) found=yes; break ;; esac
done <"$work/signatures"
[ -n "$found" ] || fail 1 "无效：文件中没有用该公钥对应的密钥作出的签名"

# What was signed: the header's text, a dot, the payload's text.
{ printf '%s.' "$protected"; cat "$work/payload"; } >"$work/input"

# openssl wants r and s in DER, a JWS has them one after the other.
printf '%s' "$signature" | decode >"$work/raw"
[ "$(openssl base64 -A -in "$work/raw" | tr -- '+/' '-_' | tr -d '=')" = "$signature" ] || fail 1 "无效：签名写法不规范"
hex=$(od -An -v -tx1 "$work/raw" | tr -d ' \n')
[ ${#hex} -eq 128 ] || fail 1 "无效：签名长度不正确"
{
    echo 'asn1=SEQUENCE:signature'
    echo '[signature]'
    echo "r=INTEGER:0x$(printf '%s' "$hex" | cut -c1-64)"
    echo "s=INTEGER:0x$(printf '%s' "$hex" | cut -c65-128)"
} >"$work/signature.conf"
openssl asn1parse -genconf "$work/signature.conf" -noout -out "$work/signature.der"

case $header in
    *'"alg":"ES256"'*)
        algorithm=ES256
        openssl dgst -sha256 -verify "$key" -signature "$work/signature.der" "$work/input" >/dev/null 2>&1 ||
            fail 1 "无效：签名与内容不符"
        ;;
    *'"alg":"SM2-SM3"'*)
        algorithm=SM2-SM3
        openssl list -public-key-algorithms 2>/dev/null | grep -q SM2 || fail 2 "本机的 openssl 不支持 SM2"
        openssl pkeyutl -verify -pubin -inkey "$key" -rawin -digest sm3 -pkeyopt distid:1234567812345678 \
            -sigfile "$work/signature.der" -in "$work/input" >/dev/null 2>&1 || fail 1 "无效：签名与内容不符"
        ;;
    *) fail 1 "无效：不接受该签名算法" ;;
esac

[ -z "$output" ] || decode <"$work/payload" >"$output"
echo "有效：$algorithm，密钥 $kid"
echo "签名头：$header"
echo "文件摘要 SHA-256：$(openssl dgst -sha256 -r "$file" | cut -d ' ' -f 1)"
