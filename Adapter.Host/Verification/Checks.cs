namespace Adapter.Host.Verification;

/// <summary>Every check, in the order in which their findings are listed.</summary>
internal static class Checks
{
    /// <summary>As the settings want them under each regime.</summary>
    public static IReadOnlyList<ICheck> All(VerificationOptions options) =>
        options.Regimes.Count == 0 ? Plain(options) : [.. Plain(options).Select(check => new CheckByRegime(check, options.Regimes))];

    private static IReadOnlyList<ICheck> Plain(VerificationOptions options) =>
    [
        // Document flow against information and goods flow.
        new SealNumbers(), new SealCount(), new SealsIntact(), new ContainerNumbers(), new VehiclePlate(), new PackageCount(), new Weight(options), new KnownOffices(options), new OfficesOfDocuments(),
        // Document flow against where and when the goods were.
        new OfficeOrder(), new DepartureWindow(), new TimeLimit(), new SidesAgree(), new RouteDeviation(), new UnauthorisedStop(options),
        // Document flow against what the locks report.
        new SealedAtDeparture(options), new SealedAtArrival(options), new UnsealedAtDestination(options), new UnsealingAuthority(options), new TelemetryContinuity(options), new ImplausibleJump(), new AfterClosing(),
        // What has not come by its time.
        new Overdue(), new SignalLost(),
        // No document at all.
        new MovementWithoutJourney(options),
    ];
}
