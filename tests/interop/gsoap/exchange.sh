#!/usr/bin/env bash
# Generates one client for both services from their WSDLs with gSOAP, builds it and runs it.
# Arguments: address of the host, 1.1 or 1.2, name of the neighbour, name of the gate, the password of both, a folder to work in.
set -euo pipefail
host=$1 version=$2 neighbour=$3 gate=$4 password=$5 folder=$6
source=$(cd "$(dirname "$0")" && pwd)
for tool in wsdl2h soapcpp2 g++; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install gsoap libgsoap-dev g++" >&2; exit 1; }
done
cd "$folder"
# Names of our own for the namespaces; gSOAP would number them.
cat >typemap.dat <<MAP
md = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
dec = "urn:wco:datamodel:WCO:DEC-DMS:2"
res = "urn:wco:datamodel:WCO:RES-DMS:2"
n = "urn:customstransit:notifications:1"
MAP
wsdl2h -t typemap.dat -N s -o exchange.h "${host}soap/wco-exchange?wsdl" "${host}soap/notifications?wsdl" >generate.log 2>&1 || { cat generate.log >&2; exit 1; }
soapcpp2 "-${version#1.}" -C -j -x -L -I/usr/share/gsoap/import exchange.h >>generate.log 2>&1 || { cat generate.log >&2; exit 1; }
port="Soap1${version#1.}Proxy.cpp"
g++ -O0 "-DSOAP_1${version#1.}" -I. -o client "$source/exchange.cpp" soapC.cpp "soapWcoExchange$port" "soapNotifications$port" -lgsoap++ >build.log 2>&1 || { cat build.log >&2; exit 1; }
exec ./client "$host" "$version" "$neighbour" "$gate" "$password"
