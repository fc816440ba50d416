using System.Collections.Concurrent;
using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using AmqpSource = Amqp.Framing.Source;

namespace Adapter.Host.Brokers;

/// <summary>Asks a node of the broker and waits for its answer: <c>$cbs</c>, <c>$management</c>.</summary>
internal sealed class RequestLink
{
    private const uint Answers = 100;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _waiting = new(StringComparer.Ordinal);
    private readonly string _replyTo;
    private readonly SenderLink _requests;
    private readonly TimeProvider _time;
    private long _asked;

    public RequestLink(Session session, string address, TimeProvider time)
    {
        _time = time;
        _replyTo = $"{address}-answers-{Guid.NewGuid():N}";
        _requests = new SenderLink(session, $"{address}-requests-{Guid.NewGuid():N}", address);
        var answers = new ReceiverLink(session, _replyTo, new Attach { Source = new AmqpSource { Address = address }, Target = new Target { Address = _replyTo } }, null);
        answers.AddClosedCallback((_, error) => Fail(error));
        _requests.AddClosedCallback((_, error) => Fail(error));
        answers.Start((int)Answers, Take);
    }

    /// <exception cref="AmqpException">The answer is a refusal, or the link is gone.</exception>
    /// <exception cref="TimeoutException">There was no answer.</exception>
    public async Task<Message> AskAsync(Message request, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _asked).ToString(CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            request.Properties = new Properties { MessageId = id, ReplyTo = _replyTo };
            _requests.Send(request, (_, _, outcome, _) =>
            {
                if (outcome is Rejected refused)
                {
                    answer.TrySetException(new AmqpException(refused.Error ?? new Error(ErrorCode.NotAllowed)));
                }
            }, null);
            return Checked(await answer.Task.WaitAsync(BrokerConnector.Patience, _time, cancellationToken));
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    private void Take(IReceiverLink link, Message answer)
    {
        link.Accept(answer);
        if (answer.Properties?.GetCorrelationId()?.ToString() is { } id && _waiting.TryRemove(id, out var waiting))
        {
            waiting.TrySetResult(answer);
        }
    }

    private void Fail(Error? error)
    {
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetException(new AmqpException(error ?? new Error(ErrorCode.DetachForced) { Description = "the link for requests was closed" }));
        }
    }

    /// <summary>The keys are spelled in one way by <c>$cbs</c> and in another by <c>$management</c>.</summary>
    private static Message Checked(Message answer)
    {
        var code = Value(answer, "status-code", "statusCode") is int status ? status : 0;
        if (code is 200 or 202 or 204)
        {
            return answer;
        }

        var text = Value(answer, "status-description", "statusDescription")?.ToString();
        var condition = Value(answer, "error-condition", "errorCondition")?.ToString() ?? code switch
        {
            401 or 403 => ErrorCode.UnauthorizedAccess,
            404 => ErrorCode.NotFound,
            410 => "com.microsoft:message-lock-lost",
            _ => string.Create(CultureInfo.InvariantCulture, $"com.microsoft:status-{code}"),
        };
        throw new AmqpException(new Error(new Symbol(condition)) { Description = text });
    }

    private static object? Value(Message answer, string hyphened, string camel) => answer.ApplicationProperties?[hyphened] ?? answer.ApplicationProperties?[camel];
}
