using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>What a queue can be asked: locks, schedules, deferred messages, sessions.</summary>
internal static class ManagementNode
{
    private const string LockLost = "com.microsoft:message-lock-lost";

    public static Message Answer(QueueState queue, Message request, ConcurrentQueue<string> asked)
    {
        var operation = request.ApplicationProperties["operation"] as string ?? "";
        asked.Enqueue(operation);
        var body = request.Body as Map ?? [];
        switch (operation)
        {
            case "com.microsoft:renew-lock":
                var renewed = Array.ConvertAll((Guid[])body["lock-tokens"], token => queue.Renew(token));
                return renewed.All(until => until is not null)
                    ? Ok(new Map { ["expirations"] = Array.ConvertAll(renewed, until => until!.Value.UtcDateTime) })
                    : Refusal(410, LockLost, "The lock supplied is invalid.");
            case "com.microsoft:renew-session-lock":
                return queue.RenewSession((string)body["session-id"]) is { } expiration
                    ? Ok(new Map { ["expiration"] = expiration.UtcDateTime })
                    : Refusal(410, "com.microsoft:session-lock-lost", "The session lock has expired.");
            case "com.microsoft:schedule-message":
                var numbers = ((System.Collections.IEnumerable)body["messages"]).Cast<Map>().Select(entry =>
                {
                    var message = Batch.Decode((byte[])entry["message"]);
                    return queue.Add(message, new DateTimeOffset((DateTime)message.MessageAnnotations[new Symbol("x-opt-scheduled-enqueue-time")]));
                });
                return Ok(new Map { ["sequence-numbers"] = numbers.ToArray() });
            case "com.microsoft:cancel-scheduled-message":
                return ((long[])body["sequence-numbers"]).All(queue.Cancel) ? Ok(body: null) : Refusal(404, ErrorCode.NotFound, "no such scheduled message");
            case "com.microsoft:peek-message":
                return Messages(queue.Peek(Number(body["from-sequence-number"]), (int)Number(body["message-count"])));
            case "com.microsoft:receive-by-sequence-number":
                return Messages(queue.TakeDeferred((long[])body["sequence-numbers"], remove: Number(body["receiver-settle-mode"]) == 0));
            case "com.microsoft:update-disposition":
                return Update(queue, body);
            case "com.microsoft:get-session-state":
                return Ok(new Map { ["session-state"] = queue.SessionStates.GetValueOrDefault((string)body["session-id"]) });
            case "com.microsoft:set-session-state":
                queue.SessionStates[(string)body["session-id"]] = body["session-state"] as byte[];
                return Ok(body: null);
            default:
                return Refusal(501, ErrorCode.NotImplemented, operation);
        }
    }

    public static Message Refusal(int code, string condition, string text)
    {
        var answer = Status(code, text);
        answer.ApplicationProperties["errorCondition"] = new Symbol(condition);
        return answer;
    }

    /// <summary>Clients choose different widths.</summary>
    private static long Number(object value) => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);

    private static Message Update(QueueState queue, Map body)
    {
        foreach (var token in (Guid[])body["lock-tokens"])
        {
            DeliveryState? state = (body["disposition-status"] as string) switch
            {
                "completed" => new Accepted(),
                "abandoned" => new Modified { DeliveryFailed = true },
                "defered" => new Modified { UndeliverableHere = true },
                "suspended" => new Rejected
                {
                    Error = new Error(new Symbol("com.microsoft:dead-letter"))
                    {
                        Info = new Fields { [new Symbol("DeadLetterReason")] = body["deadletter-reason"], [new Symbol("DeadLetterErrorDescription")] = body["deadletter-description"] },
                    },
                },
                _ => null,
            };
            if (state is null || queue.Locked(token) is not { } delivery || queue.Settle(delivery, state) is Rejected)
            {
                return Refusal(410, LockLost, "The lock supplied is invalid.");
            }
        }

        return Ok(body: null);
    }

    private static Message Messages(IReadOnlyList<Delivery> deliveries)
    {
        if (deliveries.Count == 0)
        {
            var none = Status(204, "no content");
            none.ApplicationProperties["errorCondition"] = new Symbol("com.microsoft:message-not-found");
            return none;
        }

        var list = new List();
        foreach (var delivery in deliveries)
        {
            var encoded = delivery.Encode();
            var bytes = new byte[encoded.Length];
            Array.Copy(encoded.Buffer, encoded.Offset, bytes, 0, encoded.Length);
            var entry = new Map { ["message"] = bytes };
            if (delivery.LockToken != Guid.Empty)
            {
                entry["lock-token"] = delivery.LockToken;
            }

            list.Add(entry);
        }

        return Ok(new Map { ["messages"] = list });
    }

    private static Message Ok(Map? body)
    {
        var answer = Status(200, "OK");
        answer.BodySection = new AmqpValue { Value = body ?? [] };
        return answer;
    }

    private static Message Status(int code, string text)
    {
        var answer = new Message { ApplicationProperties = new ApplicationProperties() };
        answer.ApplicationProperties["statusCode"] = code;
        answer.ApplicationProperties["statusDescription"] = text;
        return answer;
    }
}
