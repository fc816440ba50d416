using Adapter.TestKit.Brokers;

[assembly: AssemblyFixture(typeof(SharedRabbit))]

namespace Adapter.Integration.Tests.Brokers;

/// <summary>Tests that use the one broker, one after another: some of them kill it.</summary>
[CollectionDefinition(Name)]
public sealed class BrokerRun
{
    public const string Name = "broker";
}
