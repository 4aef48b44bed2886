using System.Globalization;

namespace Shop.Demo;

/// <summary>Where a shop that runs is.</summary>
internal sealed record ShopAddresses(string Kafka, Uri Registry, Uri Api);

/// <summary>What the command line says.</summary>
internal sealed record DemoOptions(TimeSpan Duration, int OrdersPerSecond, bool WithPython, ShopAddresses? Shop)
{
    public const string Usage = """
        usage: Shop.Demo run [--seconds N] [--rate N] [--without-python]
               Shop.Demo drive --kafka HOST:PORT --registry URL --api URL [--seconds N] [--rate N]
        """;

    private const int Most = 3600;

    /// <summary>False when it is none of the usage's; then it says what is wrong.</summary>
    public static bool TryParse(string[] arguments, out DemoOptions options, out string wrong)
    {
        options = new DemoOptions(TimeSpan.FromSeconds(30), 40, WithPython: true, Shop: null);
        wrong = "expected 'run' or 'drive'";
        if (arguments is not [("run" or "drive") and var mode, .. var rest])
        {
            return false;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == "--without-python" && mode == "run")
            {
                options = options with { WithPython = false };
                continue;
            }

            var isKnown = rest[i] is "--seconds" or "--rate" || (mode == "drive" && rest[i] is "--kafka" or "--registry" or "--api");
            if (!isKnown || i + 1 == rest.Length)
            {
                wrong = isKnown ? $"{rest[i]} wants a value" : $"unknown option {rest[i]}";
                return false;
            }

            values[rest[i]] = rest[++i];
        }

        wrong = $"--seconds and --rate want a number from 1 to {Most}";
        if (!TryNumber(values, "--seconds", 30, out var seconds) || !TryNumber(values, "--rate", 40, out var rate))
        {
            return false;
        }

        options = options with { Duration = TimeSpan.FromSeconds(seconds), OrdersPerSecond = rate };
        if (mode == "run")
        {
            return true;
        }

        wrong = "drive wants --kafka HOST:PORT, --registry URL and --api URL";
        if (!values.TryGetValue("--kafka", out var kafka)
            || !Uri.TryCreate(values.GetValueOrDefault("--registry"), UriKind.Absolute, out var registry)
            || !Uri.TryCreate(values.GetValueOrDefault("--api"), UriKind.Absolute, out var api))
        {
            return false;
        }

        options = options with { Shop = new ShopAddresses(kafka, registry, api) };
        return true;
    }

    private static bool TryNumber(Dictionary<string, string> values, string name, int standard, out int number)
    {
        number = standard;
        return !values.TryGetValue(name, out var text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= Most);
    }
}
