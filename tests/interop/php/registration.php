<?php
// Calls every operation of the registration service with PHP's SoapClient, from its WSDL alone.
// Arguments: address of the WSDL, 1.1 or 1.2, user, password. Prints a line for each call.
[, $wsdl, $version, $user, $password] = $argv;
$client = new SoapClient($wsdl, [
    'soap_version' => $version === '1.1' ? SOAP_1_1 : SOAP_1_2,
    'login' => $user, 'password' => $password,
    'cache_wsdl' => WSDL_CACHE_NONE, 'exceptions' => true, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);
$movement = 'php-' . $version;
$now = gmdate('Y-m-d\TH:i:s\Z');

function call(string $operation, array $fields): void
{
    global $client;
    $answer = $client->$operation($fields);
    echo $operation, ' ', $answer->Code ?? $answer->Status, "\n";
}

function fault(array $fields): void
{
    global $client;
    try {
        $client->RegisterMovement($fields);
        echo "fault none\n";
    } catch (SoapFault $raised) {
        $typed = $raised->detail->RegistrationFault;
        $field = is_array($typed->Field) ? $typed->Field[0] : $typed->Field;
        echo 'fault ', $typed->Code, ' ', $field->Path, "\n";
    }
}

$registration = ['MovementId' => $movement, 'Regime' => 'Transit', 'Mrn' => '26KE0MBA00482917J1', 'Departure' => ['Code' => 'KEMBA001', 'Latitude' => -4.05, 'Longitude' => 0.000001], 'Destination' => ['Code' => 'UGMLB001']];
call('RegisterManifest', ['ManifestNumber' => $movement, 'Container' => [['Number' => 'KMSU4829139', 'Seal' => ['KE1'], 'GrossMassKg' => '12345.678']]]);
call('RegisterMovement', $registration + ['ManifestNumber' => $movement, 'Container' => [['Number' => 'KMSU4829139', 'Seal' => ['KE1']]], 'Lock' => [['Number' => '8022300001', 'Container' => 'KMSU4829139']]]);
call('AmendMovement', ['MovementId' => $movement, 'Reason' => 'a new driver', 'DriverReference' => 'D-2']);
call('ReportObservation', ['MovementId' => $movement, 'Observer' => 'Gate', 'At' => $now, 'Occasion' => 'Departure', 'Seen' => ['VehiclePlate' => 'KDA 482B']]);
call('AuthoriseUnseal', ['MovementId' => $movement, 'OrderId' => 'O-' . $movement, 'Officer' => 'officer-1', 'Purpose' => 'Release', 'Until' => gmdate('Y-m-d\TH:i:s\Z', time() + 86400)]);
call('ConfirmDeparture', ['MovementId' => $movement, 'Observer' => 'Office', 'At' => $now, 'Office' => 'KEMBA001']);
call('ConfirmArrival', ['MovementId' => $movement, 'Observer' => 'Office', 'At' => $now, 'Office' => 'UGMLB001']);
call('QueryMovement', ['MovementId' => $movement]);
call('CloseMovement', ['MovementId' => $movement, 'Reason' => 'done']);
fault(['MovementId' => $movement . '-x', 'Lock' => [['Number' => '8022300009', 'Container' => 'NOT-THERE']]] + $registration);
fault(['MovementId' => $movement . '-y', 'Lock' => [['Number' => '8022300009', 'From' => '2026-07-09T10:00:00']]] + $registration);
