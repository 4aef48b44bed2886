using System.Globalization;
using SchemaStream.Simulation.Planted;
using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation;

/// <summary>What the command line asks for.</summary>
internal sealed record SimulationOptions
{
    public IReadOnlyList<Scenario> Scenarios { get; private init; } = Simulation.Seeds.Scenarios.All;

    public int SeedCount { get; private init; } = 1_000;

    public int First { get; private init; }

    public TimeSpan Longest { get; private init; } = TimeSpan.MaxValue;

    public int Parallel { get; private init; } = Environment.ProcessorCount;

    public Bug Bug { get; private init; }

    public bool IsTraced { get; private init; }

    public bool KeepsGoing { get; private init; }

    /// <summary>Null when it asks for what there is not.</summary>
    public static SimulationOptions? Parse(string[] arguments)
    {
        var options = new SimulationOptions();
        var scenarios = new List<Scenario>();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--trace" or "--keep-going")
            {
                options = arguments[i] == "--trace" ? options with { IsTraced = true, Parallel = 1 } : options with { KeepsGoing = true };
                continue;
            }

            var value = i + 1 < arguments.Length ? arguments[++i] : "";
            switch (arguments[i - 1])
            {
                case "--shape" when Simulation.Seeds.Scenarios.Find(value) is { } scenario:
                    scenarios.Add(scenario);
                    break;
                case "--bug" when Enum.TryParse<Bug>(value, ignoreCase: true, out var bug):
                    options = options with { Bug = bug };
                    break;
                case var name when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && options.With(name, number) is { } changed:
                    options = changed;
                    break;
                default:
                    return null;
            }
        }

        return scenarios.Count == 0 ? options : options with { Scenarios = scenarios };
    }

    private SimulationOptions? With(string name, int number) => name switch
    {
        "--seeds" => this with { SeedCount = number },
        "--first" => this with { First = number },
        "--minutes" => this with { Longest = TimeSpan.FromMinutes(number) },
        "--parallel" when number > 0 => this with { Parallel = number },
        _ => null,
    };
}
