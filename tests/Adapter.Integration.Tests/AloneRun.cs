namespace Adapter.Integration.Tests;

/// <summary>Classes that carry <c>needs=alone</c>: they run one after another in a process of their own, because what they measure is told of the whole process.</summary>
[CollectionDefinition(Name)]
public sealed class AloneRun
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "alone";
}
