using Adapter.Benchmarks;
using Adapter.Benchmarks.Delivery;
using Adapter.Benchmarks.Load;
using Adapter.Benchmarks.Peers;

// Every process of a benchmark is this program: the bench itself, the load, and each peer under load.
return args switch
{
    ["peer", var name, .. var rest] => await Peer.RunAsync(name, rest),
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["ingest", .. var rest] => await IngestBench.RunAsync(Rounds.From(rest)),
    ["journey", .. var rest] => await JourneyBench.RunAsync(Rounds.From(rest)),
    ["append", .. var rest] => await AppendBench.RunAsync(Rounds.From(rest)),
    ["growth", .. var rest] => await GrowthBench.RunAsync(Rounds.From(rest, ifNone: 5)),
    ["postgres", .. var rest] => await PostgresBench.RunAsync(Rounds.From(rest)),
    ["postgres-growth", .. var rest] => await PostgresBench.GrowthAsync(Rounds.From(rest, ifNone: 5)),
    ["process", .. var rest] => await ProcessBench.RunAsync(Rounds.From(rest)),
    ["memory", .. var rest] => await MemoryBench.RunAsync(Rounds.From(rest, ifNone: 1_000_000)),
    ["steps", .. var rest] => await StepsBench.RunAsync(Rounds.From(rest)),
    ["mapping", .. var rest] => await MappingBench.RunAsync(Rounds.From(rest)),
    ["contestant", .. var rest] => await Contestant.RunAsync(rest),
    ["delivery", .. var rest] => await DeliveryBench.RunAsync(Rounds.From(rest)),
    ["backlog", .. var rest] => await DeliveryBench.BacklogAsync(Rounds.From(rest, ifNone: 1_000_000)),
    ["outage", .. var rest] => await DeliveryBench.OutageAsync(Rounds.From(rest, ifNone: 100_000)),
    ["soap", .. var rest] => await SoapBench.RunAsync(Rounds.From(rest)),
    ["broker", .. var rest] => await BrokerBench.RunAsync(Rounds.From(rest)),
    ["ready", .. var rest] => await ReadyBench.RunAsync(Rounds.From(rest)),
    _ => Help(),
};

static int Help()
{
    Console.WriteLine(
        """
        Benchmarks of CustomsTransit. Each sets peers side by side in one run and prints ratios; absolute figures are this machine's.

          ingest [ROUNDS]   POST to commit, beside Kestrel that only parses the same bodies
          journey [ROUNDS]  from POST to recorded SOAP answer, beside a hand-written floor without features
          append [ROUNDS]   the journal's append beside an append-only file and raw SQLite, at batches of 1 to 1024
          growth [MILLIONS] the journal's append at that many million rows beside an empty one (5)
          postgres [ROUNDS] PostgreSQL: append, claim and decide, beside bare tables and Npgsql on the same cluster (CUSTOMSTRANSIT_POSTGRES names it)
          postgres-growth [MILLIONS] growth on PostgreSQL (5)
          process [ROUNDS]  from the journal on: 100,000 locks, 20,000 open journeys, beside raw SQLite with the same writes; a late burst; 10 to 100,000 open journeys
          memory [EVENTS]   resident memory while that many events pass (1000000)
          delivery [ROUNDS] lanes with all their bookkeeping, beside a bare HttpClient loop and a warm typed WCF client
          backlog [MESSAGES] the same behind that many waiting messages (1000000), beside no backlog
          outage [LANES]    a receiver is back after a day, that many lanes wait (100000): time until all are told
          steps [ROUNDS]    the price list of the pure steps, per report and per message
          mapping [ROUNDS]  a mapping document beside XmlWriter code written by hand, with and without validation; 500 rows published
          soap [ROUNDS]     registrations over SOAP, beside an endpoint written by hand and SoapCore
          broker [ROUNDS]   a durable queue read into the journal, beside a bare receive loop (CUSTOMSTRANSIT_BROKER names the broker)
          ready [ROUNDS]    start to the first 200 of /health/ready, beside a web application that does nothing

        Build with -c Release. Nothing else should run on the machine.
        """);
    return 1;
}
