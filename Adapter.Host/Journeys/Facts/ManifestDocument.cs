using Adapter.Contracts.Customs;

namespace Adapter.Host.Journeys.Facts;

/// <summary>Document flow: what the cargo manifest says. The latest with a number counts.</summary>
internal sealed record ManifestDocument(
    string Number, string? Mrn, string? VehiclePlate, string? DepartureOffice, string? DestinationOffice,
    IReadOnlyList<DeclaredContainer> Containers, int? PackageCount, decimal? GrossMassKg, DateTimeOffset ReceivedAt, string By, long Entry)
{
    public static ManifestDocument Of(RegisterManifestRequest told, Journal.JournalEntry entry) => new(
        told.ManifestNumber, told.Mrn, told.Vehicle?.Plate, told.DepartureOffice, told.DestinationOffice,
        [.. (told.Containers ?? []).Select(DeclaredContainer.Of)], told.PackageCount, told.GrossMassKg, entry.ReceivedAt, entry.Source, entry.Position);
}

/// <summary>A container as a document declares it.</summary>
internal sealed record DeclaredContainer(string Number, IReadOnlyList<string> Seals, int? PackageCount, decimal? GrossMassKg)
{
    public static DeclaredContainer Of(ContainerItem item) => new(item.Number, item.Seals ?? [], item.PackageCount, item.GrossMassKg);
}
