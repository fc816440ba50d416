<?php
// A neighbour and a gate with PHP's SoapClient, from the WSDLs alone: messages submitted, fetched, accepted, refused and answered.
// Arguments: address of the host, 1.1 or 1.2, name of the neighbour, name of the gate, the password of both. Prints a line for each call.
[, $host, $version, $neighbour, $gate, $password] = $argv;

function port(string $path, string $user): SoapClient
{
    global $host, $version, $password;
    return new SoapClient("{$host}soap/$path?wsdl", [
        'soap_version' => $version === '1.1' ? SOAP_1_1 : SOAP_1_2,
        'login' => $user, 'password' => $password,
        'cache_wsdl' => WSDL_CACHE_NONE, 'exceptions' => true, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    ]);
}

function envelope(string $kind, string $content): array
{
    return ['WCODataModelVersionCode' => '3.6', 'WCOTypeName' => $kind, 'ResponsibleCountryCode' => 'KE', 'ResponsibleAgencyName' => 'KRA',
        'AgencyAssignedCustomizationCode' => 'ELOCK', 'AgencyAssignedCustomizationVersionCode' => '1', 'any' => $content];
}

function declaration(string $reference, string $mrn, string $type, string $code, int $number): array
{
    return envelope('DEC', <<<XML
        <Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>9</FunctionCode><FunctionalReferenceID>$reference</FunctionalReferenceID><ID>$mrn</ID><TypeCode>$type</TypeCode><DeclarationOfficeID>KEMBA</DeclarationOfficeID><AdditionalInformation><StatementCode>$code</StatementCode></AdditionalInformation><AdditionalInformation><StatementCode>SEQUENCE</StatementCode><StatementDescription>$number</StatementDescription></AdditionalInformation><GoodsShipment><Consignment><TransportEquipment><SequenceNumeric>1</SequenceNumeric><ID>MSKU1234565</ID><Seal><SequenceNumeric>1</SequenceNumeric><ID>SL-1</ID></Seal></TransportEquipment></Consignment></GoodsShipment><SupervisingOffice><ID>UGMAL</ID></SupervisingOffice></Declaration>
        XML);
}

function response(string $reference, string $about, string $mrn): array
{
    return envelope('RES', "<Response xmlns=\"urn:wco:datamodel:WCO:RES-DMS:2\"><FunctionCode>01</FunctionCode><FunctionalReferenceID>$reference</FunctionalReferenceID>"
        . "<Declaration><FunctionalReferenceID>$about</FunctionalReferenceID><ID>$mrn</ID></Declaration></Response>");
}

function told(string $label, object $answer): void
{
    $inner = is_array($answer->any) ? array_values($answer->any)[0] : $answer->any;
    $res = is_string($inner) ? simplexml_load_string($inner) : $inner;
    $res = isset($res->Response) ? $res->Response : $res;
    echo $label, ' ', $res->FunctionCode;
    foreach ($res->Error ?? [] as $error) {
        echo ' ', $error->ValidationCode;
        foreach ($error->Pointer as $pointer) {
            echo ' ', $pointer->DocumentSectionCode, isset($pointer->TagID) ? '/' . $pointer->TagID : '';
        }
    }
    echo "\n";
}

function fetch(SoapClient $service, array $fields = []): object
{
    $message = $service->GetPending($fields + ['WaitSeconds' => 30])->Message[0];
    echo 'GetPending ', $message->Kind, ' ', $message->Number, "\n";
    return $message;
}

function acknowledge(SoapClient $service, object $message, string $result, array $fields = []): void
{
    $answer = $service->Acknowledge(['Receipt' => [['MessageId' => $message->MessageId, 'Lease' => $message->Lease, 'Result' => $result] + $fields]]);
    echo 'Acknowledge ', $answer->Outcome[0]->Code, "\n";
}

function typed(SoapClient $service, string $operation, array $fields): void
{
    try {
        $service->$operation($fields);
        echo "fault none\n";
    } catch (SoapFault $raised) {
        echo 'fault ', $raised->detail->NotificationFault->Code, "\n";
    }
}

$submit = port('wco-exchange', $neighbour);
$gateNotes = port('notifications', $gate);
$mrn = '26KE00000012345678';
$departure = declaration('a1', $mrn, '525', 'DEPARTURE', 1);
told('DEC', $submit->Submit($departure));
told('DEC', $submit->Submit($departure));
told('DEC', $submit->Submit(declaration('a9', '26KE00000099999999', '524', 'ARRIVAL', 1)));
try {
    port('wco-exchange', $gate)->Submit($departure);
    echo "fault none\n";
} catch (SoapFault $raised) {
    echo 'fault ', array_slice(explode(':', $raised->faultcode), -1)[0], ' ', explode('.', explode(' ', $raised->getMessage(), 2)[1])[0], "\n";
}
acknowledge($gateNotes, fetch($gateNotes), 'ACCEPTED');
told('DEC', $submit->Submit(declaration('a2', $mrn, '524', 'ARRIVAL', 2)));
acknowledge($gateNotes, fetch($gateNotes), 'REJECTED', ['Code' => 'R-17', 'Text' => 'not ours']);
typed($gateNotes, 'GetPending', ['Most' => 0]);
typed($gateNotes, 'GetPending', ['Receiver' => 'somebody-else']);
typed($gateNotes, 'Acknowledge', ['Receiver' => 'somebody-else', 'Receipt' => [['MessageId' => '0f6a0c3f5d1e4b7a9c2d3e4f50617283', 'Lease' => 1, 'Result' => 'ACCEPTED']]]);
$ours = fetch(port('notifications', $neighbour));
told('RES', $submit->Submit(response('r1', $ours->MessageId, $mrn)));
