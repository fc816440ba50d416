// Calls every operation of the registration service with node's soap package, from its WSDL alone.
// Arguments: address of the WSDL, 1.1 or 1.2, user, password. Prints a line for each call.
const soap = require('soap');

const [, , wsdl, version, user, password] = process.argv;
const movement = 'node-' + version;
const now = new Date().toISOString();

async function main() {
  const client = await soap.createClientAsync(wsdl, { forceSoap12Headers: version === '1.2' });
  client.setSecurity(new soap.WSSecurity(user, password, { passwordType: 'PasswordDigest', hasNonce: true, hasTimeStamp: false }));
  const port = client.TransitRegistration['TransitRegistrationSoap' + version.replace('.', '')];

  const ask = (operation, fields) => new Promise((resolve, reject) =>
    port[operation](fields, (error, answer) => (error ? reject(error) : resolve(answer))));
  const call = async (operation, fields) => {
    const answer = await ask(operation, fields);
    console.log(operation, answer.Code ?? answer.Status);
  };
  const fault = async (fields) => {
    try {
      await ask('RegisterMovement', fields);
      console.log('fault none');
    } catch (error) {
      const said = error.root.Envelope.Body.Fault;
      const typed = (said.detail ?? said.Detail).RegistrationFault;
      const field = Array.isArray(typed.Field) ? typed.Field[0] : typed.Field;
      console.log('fault', typed.Code, field.Path);
    }
  };

  const registration = { MovementId: movement, Regime: 'Transit', Mrn: '26KE0MBA00482917J1' };
  const offices = { Departure: { Code: 'KEMBA001', Latitude: -4.05, Longitude: 39.65 }, Destination: { Code: 'UGMLB001' } };
  await call('RegisterManifest', { ManifestNumber: movement, Container: [{ Number: 'KMSU4829139', Seal: ['KE1'], GrossMassKg: '12345.678' }] });
  await call('RegisterMovement', { ...registration, ManifestNumber: movement, Container: [{ Number: 'KMSU4829139', Seal: ['KE1'] }], Lock: [{ Number: '8022300001', Container: 'KMSU4829139' }], ...offices });
  await call('AmendMovement', { MovementId: movement, Reason: 'a new driver', DriverReference: 'D-2' });
  await call('ReportObservation', { MovementId: movement, Observer: 'Gate', At: now, Occasion: 'Departure', Seen: { VehiclePlate: 'KDA 482B' } });
  await call('AuthoriseUnseal', { MovementId: movement, OrderId: 'O-' + movement, Officer: 'officer-1', Purpose: 'Release', Until: new Date(Date.now() + 86400000).toISOString() });
  await call('ConfirmDeparture', { MovementId: movement, Observer: 'Office', At: now, Office: 'KEMBA001' });
  await call('ConfirmArrival', { MovementId: movement, Observer: 'Office', At: now, Office: 'UGMLB001' });
  await call('QueryMovement', { MovementId: movement });
  await call('CloseMovement', { MovementId: movement, Reason: 'done' });
  await fault({ MovementId: movement + '-x', Regime: 'Transit', Mrn: '26KE0MBA00482917J1', Lock: [{ Number: '8022300009', Container: 'NOT-THERE' }], ...offices });
  await fault({ MovementId: movement + '-y', Regime: 'Flight', ...offices });
}

main().catch((error) => {
  console.error(error.message, error.body);
  process.exit(1);
});
