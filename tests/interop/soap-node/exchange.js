// A neighbour and a gate with node's soap package, from the WSDLs alone: messages submitted, fetched, accepted, refused and answered.
// Arguments: address of the host, 1.1 or 1.2, name of the neighbour, name of the gate, the password of both. Prints a line for each call.
const soap = require('soap');

const [, , host, version, neighbour, gate, password] = process.argv;
const mrn = '26KE00000012345678';

async function port(path, name, user) {
  const client = await soap.createClientAsync(`${host}soap/${path}?wsdl`, { forceSoap12Headers: version === '1.2' });
  client.setSecurity(new soap.WSSecurity(user, password, { passwordType: 'PasswordDigest', hasNonce: true, hasTimeStamp: false }));
  const operations = client[name][name + 'Soap' + version.replace('.', '')];
  return (operation, fields) => new Promise((resolve, reject) => operations[operation](fields, (error, answer) => (error ? reject(error) : resolve(answer))));
}

// The content is of another schema than the envelope, so the whole is given as it stands.
const envelope = (kind, content) => ({
  $xml: Object.entries({ WCODataModelVersionCode: '3.6', WCOTypeName: kind, ResponsibleCountryCode: 'KE', ResponsibleAgencyName: 'KRA', AgencyAssignedCustomizationCode: 'ELOCK', AgencyAssignedCustomizationVersionCode: '1' })
    .map(([name, value]) => `<${name} xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">${value}</${name}>`).join('') + content,
});
const declaration = (reference, movement, type, code, number) => envelope('DEC',
  `<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>9</FunctionCode><FunctionalReferenceID>${reference}</FunctionalReferenceID><ID>${movement}</ID><TypeCode>${type}</TypeCode><DeclarationOfficeID>KEMBA</DeclarationOfficeID>`
  + `<AdditionalInformation><StatementCode>${code}</StatementCode></AdditionalInformation><AdditionalInformation><StatementCode>SEQUENCE</StatementCode><StatementDescription>${number}</StatementDescription></AdditionalInformation>`
  + '<GoodsShipment><Consignment><TransportEquipment><SequenceNumeric>1</SequenceNumeric><ID>MSKU1234565</ID><Seal><SequenceNumeric>1</SequenceNumeric><ID>SL-1</ID></Seal></TransportEquipment></Consignment></GoodsShipment>'
  + '<SupervisingOffice><ID>UGMAL</ID></SupervisingOffice></Declaration>');
const response = (reference, about) => envelope('RES',
  `<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2"><FunctionCode>01</FunctionCode><FunctionalReferenceID>${reference}</FunctionalReferenceID><Declaration><FunctionalReferenceID>${about}</FunctionalReferenceID><ID>${mrn}</ID></Declaration></Response>`);

const list = (value) => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);
const text = (value) => (typeof value === 'object' && value !== null && '$value' in value ? value.$value : value);

function told(label, answer) {
  const inner = answer.Response;
  const parts = [label, text(inner.FunctionCode)];
  for (const error of list(inner.Error)) {
    parts.push(text(error.ValidationCode));
    for (const pointer of list(error.Pointer)) {
      parts.push(text(pointer.DocumentSectionCode) + (pointer.TagID ? '/' + text(pointer.TagID) : ''));
    }
  }
  console.log(parts.join(' '));
}

async function fetch(notes) {
  const message = list((await notes('GetPending', { WaitSeconds: 30 })).Message)[0];
  console.log('GetPending', message.Kind, String(message.Number));
  return message;
}

async function acknowledge(notes, message, result, fields = {}) {
  const answer = await notes('Acknowledge', { Receipt: [{ MessageId: message.MessageId, Lease: message.Lease, Result: result, ...fields }] });
  console.log('Acknowledge', list(answer.Outcome)[0].Code);
}

async function typed(notes, operation, fields) {
  try {
    await notes(operation, fields);
    console.log('fault none');
  } catch (error) {
    const said = error.root.Envelope.Body.Fault;
    console.log('fault', (said.detail ?? said.Detail).NotificationFault.Code);
  }
}

async function main() {
  const submit = await port('wco-exchange', 'WcoExchange', neighbour);
  const stranger = await port('wco-exchange', 'WcoExchange', gate);
  const gateNotes = await port('notifications', 'Notifications', gate);
  const departure = declaration('a1', mrn, '525', 'DEPARTURE', 1);
  told('DEC', await submit('Submit', departure));
  told('DEC', await submit('Submit', departure));
  told('DEC', await submit('Submit', declaration('a9', '26KE00000099999999', '524', 'ARRIVAL', 1)));
  try {
    await stranger('Submit', departure);
    console.log('fault none');
  } catch (error) {
    const said = error.root.Envelope.Body.Fault;
    const code = said.faultcode ?? said.Code.Value;
    const reason = text(said.faultstring ?? said.Reason.Text);
    console.log('fault', text(code).split(':').pop(), reason.split(' ').slice(1).join(' ').split('.')[0]);
  }
  await acknowledge(gateNotes, await fetch(gateNotes), 'ACCEPTED');
  told('DEC', await submit('Submit', declaration('a2', mrn, '524', 'ARRIVAL', 2)));
  await acknowledge(gateNotes, await fetch(gateNotes), 'REJECTED', { Code: 'R-17', Text: 'not ours' });
  await typed(gateNotes, 'GetPending', { Most: 0 });
  await typed(gateNotes, 'GetPending', { Receiver: 'somebody-else' });
  await typed(gateNotes, 'Acknowledge', { Receiver: 'somebody-else', Receipt: [{ MessageId: '0f6a0c3f5d1e4b7a9c2d3e4f50617283', Lease: 1, Result: 'ACCEPTED' }] });
  const ours = await fetch(await port('notifications', 'Notifications', neighbour));
  told('RES', await submit('Submit', response('r1', ours.MessageId)));
}

main().catch((error) => {
  console.error(error.message, error.body);
  process.exit(1);
});
