<?php
// A manifest system on PHP's SoapServer, from our WSDL alone. Run by: php -S 127.0.0.1:0 receiver.php, with RECEIVER_WSDL and RECEIVER_LOG in the environment.
// The path says how it behaves: /soap11 and /soap12 take messages, /refuse11 and /refuse12 answer a receipt that refuses, /fault11 and /fault12 throw.
[$mode, $version] = [preg_replace('/[^a-z]/', '', $_SERVER['REQUEST_URI']), substr($_SERVER['REQUEST_URI'], -2)];

final class Manifest
{
    public function __construct(private string $mode, private string $path)
    {
    }

    public function NotifySealEvent(object $told): array
    {
        $log = fopen(getenv('RECEIVER_LOG'), 'a');
        fwrite($log, "$this->path {$told->MessageId} {$told->Sequence} {$told->Event->Code}\n");
        fclose($log);
        if ($this->mode === 'fault') {
            throw new SoapFault('Client', 'the manifest is not known here');
        }
        return $this->mode === 'refuse'
            ? ['MessageId' => $told->MessageId, 'Result' => 'REFUSED', 'Code' => 'M-4', 'Text' => 'the manifest is closed']
            : ['MessageId' => $told->MessageId, 'Result' => 'ACCEPTED'];
    }
}

$server = new SoapServer(getenv('RECEIVER_WSDL'), ['soap_version' => $version === '12' ? SOAP_1_2 : SOAP_1_1, 'cache_wsdl' => WSDL_CACHE_NONE]);
$server->setObject(new Manifest(str_starts_with($mode, 'refuse') ? 'refuse' : (str_starts_with($mode, 'fault') ? 'fault' : 'take'), substr($_SERVER['REQUEST_URI'], 1)));
$server->handle();
