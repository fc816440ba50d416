using Adapter.TestKit.Brokers;

namespace Adapter.Integration.Tests.Brokers;

/// <summary><c>demo --broker</c>: the same stories when the reports come over a queue.</summary>
[Collection(BrokerRun.Name)]
[Trait("needs", "foreign-stack")]
public sealed class DemoBrokerTests
{
    [Fact]
    public async Task The_demo_tells_the_same_when_its_reports_come_over_a_queue()
    {
        var rabbit = await BrokerBench.RabbitAsync();

        // The queue is one that RabbitMQ makes at the first attach.
        var (code, output) = await HostProcess.RunAsync("demo", "--once", "--pace", "0", "--broker", rabbit.Address);

        code.ShouldBe(0, output);
        output.ShouldContain("queue /queue/customstransit-demo");
        output.ShouldContain("All of it arrived");
        output.ShouldNotContain(RabbitBroker.Password);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_ends_the_demo_with_a_remedy()
    {
        var (code, output) = await HostProcess.RunAsync("demo", "--once", "--broker", "amqp://guest:guest-password@127.0.0.1:1");

        code.ShouldBe(1);
        output.ShouldContain("--broker");
        output.ShouldNotContain("guest-password");
    }
}
