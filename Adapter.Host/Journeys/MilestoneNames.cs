namespace Adapter.Host.Journeys;

/// <summary>Names of the milestones, as views and facts have them.</summary>
internal static class MilestoneNames
{
    public const string Sealed = "sealed";
    public const string Departed = "departed";
    public const string Border = "border";
    public const string Arrived = "arrived";
    public const string Unsealed = "unsealed";
}
