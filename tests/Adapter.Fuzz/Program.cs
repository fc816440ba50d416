using Adapter.Fuzz;
using SharpFuzz;

// Run by `tests/Adapter.Fuzz/run`: "instrument" prepares a copy of this program, "seeds" writes what fuzzing starts from, a target's name runs it under afl-fuzz.
switch (args)
{
    case ["targets"]:
        Console.WriteLine(string.Join('\n', Target.All.Select(t => t.Name)));
        return 0;
    case ["instrument", var folder]:
        // Code that the compiler made stays as it is: counters inside a struct's equality tell nothing.
        foreach (var assembly in (string[])["Adapter.Mappings.dll", "Adapter.Host.dll"])
        {
            Fuzzer.Instrument(Path.Combine(folder, assembly), type => type.StartsWith("Adapter.Mappings.", StringComparison.Ordinal) || type.StartsWith("Adapter.Host.SoapServices.", StringComparison.Ordinal), Options.Value);
        }

        return 0;
    case ["seeds", var name, var folder] when Target.Find(name) is { } target:
        var number = 0;
        foreach (var seed in target.Seeds())
        {
            File.WriteAllBytes(Path.Combine(folder, $"{number++:000}"), seed);
        }

        return 0;
    case [var name] when Target.Find(name) is { } target:
        Fuzzer.OutOfProcess.Run(stream => target.Take(Read(stream)));
        return 0;
    // Again, outside the fuzzer, with the exception on the screen.
    case [var name, var file] when Target.Find(name) is { } target:
        target.Take(File.ReadAllBytes(file));
        Console.WriteLine($"{name}: {file} is read or refused as it should be.");
        return 0;
    default:
        Console.Error.WriteLine("Use tests/Adapter.Fuzz/run SECONDS [TARGET...]; or TARGET FILE to run one input again. Targets: " + string.Join(", ", Target.All.Select(t => t.Name)));
        return 2;
}

static byte[] Read(Stream stream)
{
    using var bytes = new MemoryStream();
    stream.CopyTo(bytes);
    return bytes.ToArray();
}
