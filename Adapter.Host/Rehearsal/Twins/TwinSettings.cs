using System.Xml.Schema;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>How the twins of the receiving systems are run.</summary>
internal sealed record TwinSettings
{
    /// <summary>Where the logs lie, one file per twin; made when it does not exist. One set of twins at a time.</summary>
    public required string Directory { get; init; }

    /// <summary>Port on 127.0.0.1; 0 takes a free one, which <see cref="TwinHost.Endpoint"/> names.</summary>
    public int Port { get; init; }

    /// <summary>Schemas that a body sent to the manifest twin must satisfy; null checks nothing beyond what the twin reads.</summary>
    public XmlSchemaSet? ManifestSchemas { get; init; }

    /// <inheritdoc cref="ManifestSchemas"/>
    public XmlSchemaSet? TransportationSchemas { get; init; }

    /// <inheritdoc cref="ManifestSchemas"/>
    public XmlSchemaSet? NeighbourSchemas { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
