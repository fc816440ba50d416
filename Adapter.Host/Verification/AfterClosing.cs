using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>The journey was closed as done; something of it happened, or was told, after that.</summary>
internal sealed class AfterClosing : ICheck
{
    public string Code => "journey.events-after-closing";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey?.Closing is not { } closing)
        {
            yield break;
        }

        var closed = $"The journey was closed on {Words.When(closing.At)} by {closing.By}";
        foreach (var late in journey.Episodes.Where(e => EventKinds.IsAlarm(e.Kind) && e.First.ReceivedAt > closing.At))
        {
            yield return new Contradiction(late.Key,
                $"{closed}, but lock {late.Lock} reported {EventKinds.Code(late.Kind)} of {Words.When(late.First.At)}, received on {Words.When(late.First.ReceivedAt)}. The journey stays closed.")
            {
                Seen = late.First,
            };
        }

        foreach (var seen in journey.Observations.Where(o => o.At > closing.At))
        {
            yield return new Contradiction(Words.Key(seen), $"{closed}, but {Words.Who(seen)} saw its goods. The journey stays closed.");
        }

        foreach (var told in journey.Assertions.Where(a => a.At > closing.At))
        {
            yield return new Contradiction($"{told.Milestone}/{told.Side}", $"{closed}, but {Words.Who(told.Side)} says that it {told.Milestone} on {Words.When(told.At)}. The journey stays closed.");
        }
    }
}
