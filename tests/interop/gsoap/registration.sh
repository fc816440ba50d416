#!/usr/bin/env bash
# Generates a client from the WSDL with gSOAP, builds it and runs it.
# Arguments: address of the WSDL, 1.1 or 1.2, user, password, a folder to work in.
set -euo pipefail
wsdl=$1 version=$2 user=$3 password=$4 folder=$5
source=$(cd "$(dirname "$0")" && pwd)
for tool in wsdl2h soapcpp2 g++; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install gsoap libgsoap-dev g++" >&2; exit 1; }
done
cd "$folder"
wsdl2h -N r -o reg.h "$wsdl" >generate.log 2>&1 || { cat generate.log >&2; exit 1; }
soapcpp2 "-${version#1.}" -C -j -x -L -I/usr/share/gsoap/import reg.h >>generate.log 2>&1 || { cat generate.log >&2; exit 1; }
g++ -O0 "-DSOAP_1${version#1.}" -I. -o client "$source/registration.cpp" soapC.cpp "soapTransitRegistrationSoap1${version#1.}Proxy.cpp" -lgsoap++ >build.log 2>&1 || { cat build.log >&2; exit 1; }
exec ./client "${wsdl%%\?*}" "$version" "$user" "$password"
