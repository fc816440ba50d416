using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;
using NetArchTest.Rules;

namespace Adapter.Host.Tests;

/// <summary>STYLE.md, "Who may know whom", as far as it can be read off the assemblies.</summary>
public class ArchitectureTests
{
    private const string Root = "Adapter.Host.";

    private static readonly Assembly Host = typeof(TransitFlow).Assembly;

    private static readonly string[] Everything =
    [
        "Ingest", "Journal", "Journeys", "Verification", "Mapping", "Delivery", "Neighbours", "Processing",
        "Brokers", "Storage", "Observability", "Admin", "SoapServices", "Rehearsal", "Cli",
    ];

    /// <summary>What each folder may name besides itself; a stage besides that the store and the figures.</summary>
    private static readonly Dictionary<string, string[]> MayName = new(StringComparer.Ordinal)
    {
        ["Ingest"] = ["Journal", "Brokers", "Storage", "Observability"],   // acknowledges only what the journal has
        ["Journal"] = ["Storage", "Observability"],
        ["Journeys"] = ["Journal", "Storage", "Observability"],
        ["Verification"] = ["Journeys", "Storage", "Observability"],
        ["Mapping"] = ["Journeys", "Verification", "Storage", "Observability"],
        ["Delivery"] = ["Brokers", "Storage", "Observability"], // lanes hold bytes; what they mean was decided before
        ["Neighbours"] = ["Journal", "Journeys", "Mapping", "Delivery", "Storage", "Observability"], // facts go in as from every other customs system
        ["Brokers"] = ["Storage", "Observability"],             // connections alone; what is read and written is the stages' own
        ["Storage"] = ["Observability"],
        ["Observability"] = ["Storage"],
        ["Admin"] = ["Ingest", "Journal", "Journeys", "Verification", "Mapping", "Delivery", "Neighbours", "Storage", "Observability"],
        ["SoapServices"] = ["Admin", "Neighbours", "Ingest", "Journal", "Journeys", "Verification", "Mapping", "Delivery", "Storage", "Observability"],
        ["Processing"] = ["Journal", "Journeys", "Verification", "Mapping", "Delivery", "Storage", "Observability"],
        ["Rehearsal"] = Everything,
        ["Cli"] = Everything,
    };

    public static TheoryData<string> Folders => [.. Everything];

    [Fact]
    public void Contracts_reference_nothing_of_ours() => OursIn(typeof(LockId).Assembly).ShouldBeEmpty();

    [Fact]
    public void Mappings_reference_contracts_alone() => OursIn(typeof(TelemetryReader).Assembly).ShouldBe(["Adapter.Contracts"]);

    [Fact]
    public void The_host_references_both() => OursIn(Host).ShouldBe(["Adapter.Contracts", "Adapter.Mappings"], ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_names_only_those_that_it_may_know(string folder)
    {
        string[] forbidden =
        [
            .. Everything.Except(MayName[folder]).Where(other => other != folder).Select(other => Root + other),
            .. folder is "Cli" or "Rehearsal" ? Array.Empty<string>() : [Root + nameof(StageServices), Root + nameof(AdapterHost)],
            .. folder is "Cli" or "Rehearsal" or "Processing" ? Array.Empty<string>() : [Root + nameof(TransitFlow)],
        ];

        Offenders(In(folder).ShouldNot().HaveDependencyOnAny(forbidden)).ShouldBeEmpty($"{folder} may name only {string.Join(", ", MayName[folder])}");
    }

    [Fact]
    public void Every_folder_has_its_rule() => Host.GetTypes()
        .Where(type => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true)
        .Select(type => type.Namespace!.Split('.')[2]).Distinct().ShouldBe(Everything, ignoreOrder: true);

    [Theory]
    [InlineData("Admin")]
    [InlineData("SoapServices")]
    public void An_entrance_calls_interfaces_of_the_stages_and_never_a_store_class(string folder)
    {
        string[] stores = [.. Host.GetTypes()
            .Where(type => IsStore(type) && !type.Namespace!.StartsWith(Root + "Storage", StringComparison.Ordinal)
                && !type.Namespace.StartsWith(Root + folder, StringComparison.Ordinal))
            .Select(type => type.FullName!)];

        stores.ShouldContain("Adapter.Host.Journal.SqliteJournal");
        Offenders(In(folder).ShouldNot().HaveDependencyOnAny(stores)).ShouldBeEmpty();
    }

    [Fact]
    public void A_store_class_lies_beside_the_interface_that_it_implements()
    {
        // A static class holds statements of a store and is none.
        var stores = Host.GetTypes().Where(type => type is { IsClass: true, IsNested: false } and not { IsAbstract: true, IsSealed: true } && IsStore(type)
            && type.Namespace != Root + "Storage").ToList();

        stores.Count.ShouldBeGreaterThan(4);
        stores.ShouldAllBe(store => store.GetInterfaces().Any(i => i.Namespace == store.Namespace));
    }

    [Fact]
    public void The_rules_see_into_asynchronous_methods_and_lambdas()
    {
        // Both are named nowhere in the signatures of these classes; if they go unseen, every rule above is blind.
        Types.InAssembly(Host).That().HaveName("IntakeDesk").ShouldNot().HaveDependencyOn("Adapter.Mappings.Telemetry.TelemetryRoute").GetResult().IsSuccessful.ShouldBeFalse();
        Types.InAssembly(Host).That().HaveName("BodyReader").ShouldNot().HaveDependencyOn("Adapter.Mappings.Telemetry.ReadElement").GetResult().IsSuccessful.ShouldBeFalse();
    }

    [Fact]
    public void Every_type_of_the_host_is_internal() => OwnTypes().Where(type => type.IsPublic).ShouldBeEmpty();

    [Fact]
    public void Every_class_of_the_host_is_sealed_static_or_abstract() =>
        OwnTypes().Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false }).ShouldBeEmpty();

    [Fact]
    public void The_steps_of_the_flow_stay_in_their_approved_order()
    {
        var source = Resource("TransitFlow.cs");
        var body = source[source.IndexOf("var decoded =", StringComparison.Ordinal)..source.IndexOf("processed.Processed(", StringComparison.Ordinal)];
        var steps = Regex.Matches(body, @"\b(?:(?<step>[A-Z]\w*)\.Run|store\.(?<step>[A-Z]\w*)Async)\(", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Select(match => match.Groups["step"].Value);

        string.Join('\n', steps).ShouldBe(Resource("TransitFlow.steps.txt").Trim(), "a new order or step is approved in TransitFlow.steps.txt");
    }

    /// <summary>Written for both engines, or for one.</summary>
    private static bool IsStore(Type type) =>
        type.Name.StartsWith("Sql", StringComparison.Ordinal) || type.Name.StartsWith("Postgres", StringComparison.Ordinal);

    private static IEnumerable<string> OursIn(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("Adapter.", StringComparison.Ordinal));

    private static PredicateList In(string folder) => Types.InAssembly(Host).That().ResideInNamespaceMatching($@"^Adapter\.Host\.{folder}(\.|$)");

    private static IEnumerable<string> Offenders(ConditionList rule) => rule.GetResult().FailingTypeNames ?? [];

    /// <summary>Ours as written; generators and the top-level statements bring types of their own.</summary>
    private static IEnumerable<Type> OwnTypes() => Host.GetTypes().Where(type =>
        type.Namespace?.StartsWith("Adapter.Host", StringComparison.Ordinal) == true && !type.Name.Contains('<', StringComparison.Ordinal)
        && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute)));

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ArchitectureTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
