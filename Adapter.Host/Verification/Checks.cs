namespace Adapter.Host.Verification;

/// <summary>Every check, in the order in which their findings are listed.</summary>
internal static class Checks
{
    public static IReadOnlyList<ICheck> All(VerificationOptions options) =>
    [
        // Document flow against information and goods flow.
        new SealNumbers(), new SealCount(), new SealsIntact(), new ContainerNumbers(), new VehiclePlate(), new PackageCount(), new Weight(options), new OfficesOfDocuments(),
        // Document flow against where and when the goods were.
        new OfficeOrder(), new DepartureWindow(), new TimeLimit(), new SidesAgree(), new RouteDeviation(), new UnauthorisedStop(options),
        // Document flow against what the locks report.
        new SealedAtDeparture(options), new SealedAtArrival(options), new UnsealedAtDestination(options), new UnsealingAuthority(options), new TelemetryContinuity(options), new ImplausibleJump(), new AfterClosing(),
        // What has not come by its time.
        new Overdue(), new SignalLost(),
    ];
}
