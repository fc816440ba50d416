using Adapter.Benchmarks;
using Adapter.Benchmarks.Load;
using Adapter.Benchmarks.Peers;

// Every process of a benchmark is this program: the bench itself, the load, and each peer under load.
return args switch
{
    ["peer", var name, .. var rest] => await Peer.RunAsync(name, rest),
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["ingest", .. var rest] => await IngestBench.RunAsync(Rounds.From(rest)),
    ["journey", .. var rest] => await JourneyBench.RunAsync(Rounds.From(rest)),
    _ => Help(),
};

static int Help()
{
    Console.WriteLine(
        """
        Benchmarks of CustomsTransit. Each sets peers side by side in one run and prints ratios; absolute figures are this machine's.

          ingest [ROUNDS]   POST to commit, beside Kestrel that only parses the same bodies
          journey [ROUNDS]  from POST to recorded SOAP answer, beside a hand-written floor without features

        Build with -c Release. Nothing else should run on the machine.
        """);
    return 1;
}
