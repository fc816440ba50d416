using System.Net.Sockets;
using System.Text;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>The pure decisions that need no server.</summary>
public sealed class PolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Waits_grow_to_an_hour_and_jitter_only_lengthens_them()
    {
        int[] seconds = [5, 30, 120, 600, 1800, 3600, 3600, 3600];
        for (var attempt = 1; attempt <= seconds.Length; attempt++)
        {
            var step = TimeSpan.FromSeconds(seconds[attempt - 1]);
            for (ulong seed = 0; seed < 1000; seed++)
            {
                var wait = Backoff.Delay(attempt, seed);
                wait.ShouldBeInRange(step, step * 1.2);
                wait.ShouldBe(Backoff.Delay(attempt, seed));
            }
            Enumerable.Range(0, 1000).Select(seed => Backoff.Delay(attempt, (ulong)seed)).Distinct().Count().ShouldBeGreaterThan(900);
        }
        Backoff.Delay(int.MaxValue, ulong.MaxValue).ShouldBeInRange(TimeSpan.FromHours(1), TimeSpan.FromHours(1.2));
        Backoff.Delay(0, 0).ShouldBeLessThan(TimeSpan.FromSeconds(6.1));
    }

    [Fact]
    public void The_last_attempt_with_an_unknown_outcome_parks_and_forbids_an_edit()
    {
        var destination = Samples.Destination(idempotent: true, maxAttempts: 3);

        OutcomePolicy.After(Lost, null, destination, 2, Now).ShouldBeOfType<NextMove.RetryAt>();
        var park = OutcomePolicy.After(Lost, null, destination, 3, Now).ShouldBeOfType<NextMove.Park>();

        park.OutcomeUnknown.ShouldBeTrue();
        park.Reason.ShouldStartWith("Gave up after 3 of 3 attempts. The line went dead.");
    }

    [Fact]
    public void The_last_attempt_that_certainly_failed_parks_and_allows_an_edit()
    {
        var move = OutcomePolicy.After(Lost with { HttpStatus = 404 }, null, Samples.Destination(maxAttempts: 3), 3, Now);

        move.ShouldBeOfType<NextMove.Park>().OutcomeUnknown.ShouldBeFalse();
    }

    [Fact]
    public void A_receiver_that_is_down_never_exhausts_the_attempts_and_is_tried_every_few_minutes()
    {
        var unsent = Lost with { RequestLeft = false, Socket = SocketError.ConnectionRefused };

        for (var tries = 0; tries < 500; tries++)
        {
            var retry = OutcomePolicy.After(unsent, null, Samples.Destination(maxAttempts: 1), 1, Now, tries).ShouldBeOfType<NextMove.RetryAt>();
            retry.CountsAsAttempt.ShouldBeFalse();
            (retry.At - Now).ShouldBeLessThan(TimeSpan.FromMinutes(3));
        }
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void A_receiver_that_stays_too_busy_and_names_no_time_is_tried_after_waits_that_grow(int status)
    {
        var waits = Enumerable.Range(0, 6)
            .Select(before => OutcomePolicy.After(Lost with { HttpStatus = status }, null, Samples.Destination(maxAttempts: 1), 1, Now, uncounted: before))
            .Select(move => move.ShouldBeOfType<NextMove.RetryAt>()).ToList();

        waits.ShouldAllBe(retry => !retry.CountsAsAttempt);
        waits.Select(retry => retry.At).ShouldBeInOrder();
        (waits[^1].At - Now).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(1));
    }

    [Fact]
    public void A_missing_endpoint_is_retried_slowly() =>
        (OutcomePolicy.After(Lost with { HttpStatus = 404 }, null, Samples.Destination(), 1, Now).ShouldBeOfType<NextMove.RetryAt>().At - Now)
            .ShouldBe(TimeSpan.FromMinutes(10));

    [Fact]
    public void A_question_waits_until_the_lost_request_must_have_ended() =>
        OutcomePolicy.After(Lost, null, Samples.Destination(inquiry: true), 1, Now).ShouldBeOfType<NextMove.Ask>().At.ShouldBe(Now.AddSeconds(30));

    [Theory]
    [InlineData("KNOWN", "Delivered")]
    [InlineData("NONE", "RetryAt")]
    [InlineData("MAYBE", "Ask")]
    public void An_inquiry_decides_by_its_code(string code, string expected)
    {
        var evidence = Answered($"<Status xmlns='{Samples.Ns}'><MessageId>{Samples.MessageId}</MessageId><Code>{code}</Code></Status>");

        var (read, known) = ReplyReader.ReadInquiry(evidence, Samples.Inquiry, Samples.MessageId);

        OutcomePolicy.AfterInquiry(read, known, Samples.Destination(inquiry: true), asked: 1, attempts: 1, Now).GetType().Name.ShouldBe(expected);
    }

    [Fact]
    public void An_inquiry_about_another_message_decides_nothing()
    {
        var evidence = Answered($"<Status xmlns='{Samples.Ns}'><MessageId>other</MessageId><Code>NONE</Code></Status>");

        var (read, known) = ReplyReader.ReadInquiry(evidence, Samples.Inquiry, Samples.MessageId);

        known.ShouldBeNull();
        read.Detail.ShouldContain("names message 'other'");
    }

    /// <summary>Nothing is repeated on a guess, and nothing for ever.</summary>
    [Theory]
    [InlineData(false, true, 1, "Ask")]
    [InlineData(true, true, 1, "Ask")]
    [InlineData(true, false, 2, "RetryAt")]
    [InlineData(true, false, 3, "Park")]
    [InlineData(false, false, 1, "Reconcile")]
    public void An_acknowledged_message_that_is_not_answered_in_time_has_an_unknown_outcome(bool idempotent, bool inquiry, int attempts, string expected)
    {
        var move = OutcomePolicy.AfterSilence(Samples.Destination(idempotent, inquiry, maxAttempts: 3), attempts, Now);

        move.GetType().Name.ShouldBe(expected);
        move.ShouldSatisfyAllConditions(
            () => (move is not NextMove.RetryAt retry || (retry.At == Now && retry.OutcomeUnknown)).ShouldBeTrue(),
            () => (move is not NextMove.Park park || park.OutcomeUnknown).ShouldBeTrue(),
            () => (move is not NextMove.Ask ask || ask.At == Now).ShouldBeTrue());
    }

    [Fact]
    public void A_receiver_that_never_tells_ends_with_a_person()
    {
        var destination = Samples.Destination(inquiry: true);

        OutcomePolicy.AfterInquiry(Lost, null, destination, asked: 8, attempts: 1, Now).ShouldBeOfType<NextMove.Reconcile>();
        OutcomePolicy.AfterInquiry(Lost with { RequestLeft = false }, null, destination, asked: 8, attempts: 1, Now).ShouldBeOfType<NextMove.Ask>();
    }

    [Fact]
    public void A_question_names_the_message()
    {
        var call = InquiryMessage.For(Samples.Destination(inquiry: true), Samples.Inquiry, Samples.MessageId);

        call.Action.ShouldBe("urn:test:transit/Ask");
        Encoding.UTF8.GetString(call.Body.Span).ShouldBe($"<Ask xmlns=\"{Samples.Ns}\"><MessageId>{Samples.MessageId}</MessageId></Ask>");
    }

    [Theory]
    [InlineData("<Receipt xmlns='urn:other'><MessageId>ID</MessageId><Code>OK</Code></Receipt>", "its root is {urn:other}Receipt")]
    [InlineData("<Receipt xmlns='NS'><Code>OK</Code></Receipt>", "nothing stands at MessageId")]
    [InlineData("<Receipt xmlns='NS'><MessageId>ID</MessageId></Receipt>", "nothing stands at Code")]
    [InlineData("<Receipt xmlns='NS'><MessageId>ID</MessageId><Code> </Code></Receipt>", "nothing stands at Code")]
    [InlineData("<Receipt xmlns='NS'><MessageId>ID</MessageId><Code>OK</Code><Code>TRN-409</Code></Receipt>", "different values stand at Code")]
    [InlineData("<Receipt xmlns='NS'><MessageId>someone else</MessageId><Code>OK</Code></Receipt>", "names message 'someone else'")]
    public void An_answer_that_does_not_name_and_judge_the_message_is_no_receipt(string answer, string why)
    {
        var evidence = Answered(answer.Replace("NS", Samples.Ns, StringComparison.Ordinal).Replace("ID<", Samples.MessageId + "<", StringComparison.Ordinal));

        var (read, receipt) = ReplyReader.Read(evidence, Samples.Rule, Samples.MessageId);

        receipt.ShouldBeNull();
        read.Detail.ShouldContain(why);
    }

    [Fact]
    public void Paths_reach_into_elements_and_attributes()
    {
        var rule = Samples.Rule with { Id = "Header/@ref", Code = "Result/Status/@code", Text = "Result/Remark" };
        var evidence = Answered(
            $"<Receipt xmlns='{Samples.Ns}'><Header ref='{Samples.MessageId}'/><Result><Status code='DUP'/><Remark>seen <b>before</b></Remark></Result></Receipt>");

        ReplyReader.Read(evidence, rule, Samples.MessageId).Receipt.ShouldBe(new Receipt(Verdict.Duplicate, "DUP", "seen before"));
    }

    [Fact]
    public void A_code_in_two_lists_decides_nothing() =>
        ReplyReader.Read(Answered(Samples.Receipt()), Samples.Rule with { Rejected = ["OK"] }, Samples.MessageId)
            .Receipt.ShouldNotBeNull().Verdict.ShouldBe(Verdict.Unknown);

    [Fact]
    public async Task A_blip_is_repeated_twice_and_only_while_nothing_left()
    {
        var time = new FakeTimeProvider(Now);
        var unsent = Lost with { RequestLeft = false, Socket = SocketError.ConnectionRefused };
        var transport = new Scripted(unsent, unsent, Lost);

        var sending = new BlipPolicy(time).SendAsync(transport, Samples.Call(new Uri("http://127.0.0.1/")), TestContext.Current.CancellationToken);
        transport.Sent.ShouldBe(1);
        time.Advance(TimeSpan.FromMilliseconds(200));
        await transport.SentAsync(2);
        time.Advance(TimeSpan.FromSeconds(1));

        (await sending).ShouldBe(Lost);
        transport.Sent.ShouldBe(3);
    }

    [Theory]
    [InlineData(true, SocketError.ConnectionReset)]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(false, SocketError.HostNotFound)]
    public async Task What_may_have_left_or_does_not_pass_by_itself_is_not_repeated(bool left, SocketError? socket)
    {
        var transport = new Scripted(Lost with { RequestLeft = left, Socket = socket });

        var sending = new BlipPolicy(new FakeTimeProvider(Now)).SendAsync(transport, Samples.Call(new Uri("http://127.0.0.1/")), TestContext.Current.CancellationToken);

        sending.IsCompleted.ShouldBeTrue("it does not wait for a second try");
        await sending;
        transport.Sent.ShouldBe(1);
    }

    [Fact]
    public async Task A_host_that_stops_between_two_tries_gets_the_evidence_of_the_first()
    {
        using var stop = new CancellationTokenSource();
        var unsent = Lost with { RequestLeft = false, Socket = SocketError.ConnectionRefused };

        var sending = new BlipPolicy(new FakeTimeProvider(Now)).SendAsync(new Scripted(unsent), Samples.Call(new Uri("http://127.0.0.1/")), stop.Token);
        await stop.CancelAsync();

        (await sending).ShouldBe(unsent);
    }

    private static AttemptEvidence Lost { get; } = new(null, null, null, null, RequestLeft: true, null, ReadOnlyMemory<byte>.Empty, "The line went dead.", TimeSpan.FromSeconds(1));

    private static AttemptEvidence Answered(string answer) => Lost with { HttpStatus = 200, Answer = Adapter.Mappings.Validation.XmlInput.Load(Encoding.UTF8.GetBytes(answer)).Root, Detail = "It answered." };

    /// <summary>A transport that gives one evidence after the other.</summary>
    private sealed class Scripted(params AttemptEvidence[] script) : ISoapTransport
    {
        private readonly TaskCompletionSource[] _reached = [.. script.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        private int _sent;

        public int Sent => Volatile.Read(ref _sent);

        public Task SentAsync(int count) => _reached[count - 1].Task;

        public async Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref _sent);
            await Task.CompletedTask;
            _reached[number - 1].SetResult();
            return script[number - 1];
        }
    }
}
