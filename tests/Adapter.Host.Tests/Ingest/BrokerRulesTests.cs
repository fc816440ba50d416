using System.Net.Sockets;
using System.Text;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Brokers;
using Adapter.Host.Ingest.Amqp;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Host.Tests.Ingest;

public class BrokerRulesTests
{
    [Theory]
    [InlineData("amqp://broker.example", "broker.example", 5672, false, null, null)]
    [InlineData("amqps://broker.example", "broker.example", 5671, true, null, null)]
    [InlineData("amqps://me:se%40cret%2F@10.0.0.1:5700/", "10.0.0.1", 5700, true, "me", "se@cret/")]
    public void An_address_is_read(string text, string host, int port, bool tls, string? user, string? password) =>
        BrokerAddress.Parse(text).ShouldBe(new BrokerAddress(host, port, tls, user, password));

    [Theory]
    [InlineData("http://broker.example")]
    [InlineData("broker.example:5672")]
    [InlineData("amqp://user:the-password@host/queue")]
    [InlineData("amqp://user-the-password@host")]
    [InlineData("amqp://:the-password@host")]
    public void An_address_of_another_form_is_refused_without_repeating_it(string text) =>
        Should.Throw<FormatException>(() => BrokerAddress.Parse(text)).Message.ShouldNotContain("the-password");

    [Fact]
    public void An_address_prints_without_its_password() => BrokerAddress.Parse("amqp://me:the-password@host").ToString().ShouldBe("host:5672");

    [Theory]
    [InlineData("amqp://me:password@127.0.0.1:5672", null)]
    [InlineData("amqp://me:password@broker.example", ":Connection: a password would go to broker.example:5672 in the clear. Use amqps://.")]
    [InlineData("amqps://me:password@broker.example", null)]
    [InlineData("amqps://broker.example:5671", ":Connection: nothing says who we are at broker.example:5671. Give user and password, or ClientCertificate.")]
    public void A_password_goes_over_TLS_or_nowhere(string address, string? error)
    {
        var variable = $"CT_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, address);

        BrokerOptionsRules.Check(new BrokerOptions { Connection = $"env:{variable}", Queue = "q" }).ShouldBe(error is null ? [] : [error]);
    }

    [Fact]
    public void All_that_is_wrong_is_told_together() =>
        BrokerOptionsRules.Check(new BrokerOptions { Credit = 0, MaxAttempts = 0, IdleTimeout = TimeSpan.Zero, TrustedAuthorities = "/no/such/file" })
            .Select(error => error.Split(':')[1]).ShouldBe(["Queue", "IdleTimeout", "TrustedAuthorities", "Connection", "Credit", "MaxAttempts"]);

    [Fact]
    public void Pauses_grow_to_their_limit_and_begin_anew_after_a_proof()
    {
        var away = new BrokerLoss("unreachable", "refused", NeedsAPerson: false);
        var pause = new ReconnectPause(() => 1);

        Enumerable.Range(0, 8).Select(_ => pause.Next(away).TotalSeconds).ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30]);
        pause.Reset();
        pause.Next(away).TotalSeconds.ShouldBe(0.5);
        new ReconnectPause(() => 0).Next(away).TotalSeconds.ShouldBe(0.25);
    }

    [Fact]
    public void What_only_a_person_can_mend_is_tried_rarely()
    {
        var pause = new ReconnectPause(() => 1);

        Enumerable.Range(0, 7).Select(_ => pause.Next(new BrokerLoss("unauthorized", "no", NeedsAPerson: true)).TotalSeconds).ShouldBe([10, 20, 40, 80, 160, 300, 300]);
    }

    [Theory]
    [InlineData("amqp:unauthorized-access", "unauthorized", true)]
    [InlineData("amqp:not-found", "not-found", true)]
    [InlineData("amqp:not-allowed", "not-allowed", true)]
    [InlineData("amqp:connection:forced", "connection", false)]
    [InlineData("com.microsoft:server-busy", "com.microsoft:server-busy", false)]
    public void Refusals_are_told_from_absences(string condition, string reason, bool needsAPerson) =>
        BrokerLoss.Of(new AmqpException(new Error(new Symbol(condition)) { Description = "why" }))
            .ShouldBe(new BrokerLoss(reason, $"{condition}: why", needsAPerson));

    [Fact]
    public void A_fault_of_ours_is_no_loss()
    {
        BrokerLoss.Of(new InvalidOperationException()).ShouldBeNull();
        BrokerLoss.Of(new SocketException((int)SocketError.ConnectionRefused)).ShouldNotBeNull().Reason.ShouldBe("unreachable");
        BrokerLoss.Of(new IOException("broken", new SocketException((int)SocketError.ConnectionReset))).ShouldNotBeNull().Reason.ShouldBe("unreachable");
        BrokerLoss.Of((Error?)null).ShouldBe(BrokerLoss.ClosedQuietly);
    }

    [Fact]
    public void A_body_is_bytes_or_text_in_one_part_or_several()
    {
        Body(new Data { Binary = "{}"u8.ToArray() }).ShouldBe("{}");
        Body(new AmqpValue { Value = "{\"ö\":1}" }).ShouldBe("{\"ö\":1}");
        Body(new AmqpValue { Value = "{}"u8.ToArray() }).ShouldBe("{}");
        var parts = new DataList();
        parts.Add(new Data { Binary = "[1,"u8.ToArray() });
        parts.Add(new Data { Binary = "2]"u8.ToArray() });
        Body(parts).ShouldBe("[1,2]");
        Body(new AmqpValue { Value = 7 }).ShouldBeNull();
        Body(null).ShouldBeNull();

        static string? Body(RestrictedDescribed? section) =>
            new BrokerMessage(new Message { BodySection = section }, TimeProvider.System).Body is { } body ? Encoding.UTF8.GetString(body.Span) : null;
    }

    [Theory]
    [InlineData(null, ReportRoute.Location, null)]
    [InlineData("alarm", ReportRoute.Alarm, "web-alarm")]
    [InlineData("Event", ReportRoute.Event, "web-event")]
    [InlineData("JT701", ReportRoute.Location, null)]
    [InlineData("1", ReportRoute.Location, null)]
    public void The_subject_tells_the_route_where_it_names_one(string? subject, ReportRoute route, string? space)
    {
        var told = new BrokerRoutes("queue", new BrokerOptions()).For(subject);

        (told.Source, told.Route, told.CodeSpace).ShouldBe(("queue", route, space));
    }

    [Fact]
    public void Failed_attempts_are_counted_for_each_message()
    {
        var failed = new FailedAttempts();

        (failed.Add("a"), failed.Add("a"), failed.Add("b")).ShouldBe((1, 2, 1));
        failed.Forget("a");
        failed.Add("a").ShouldBe(1);
    }
}
