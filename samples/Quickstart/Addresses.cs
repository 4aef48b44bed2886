namespace Quickstart;

/// <summary>Where broker and registry are.</summary>
internal sealed record Addresses(string Kafka, Uri Registry)
{
    public const string Usage = "usage: Quickstart [--kafka HOST:PORT --registry URL]   without them it starts a broker and a registry itself";

    /// <summary>Reads the command line: false when it is none of the usage's.</summary>
    public static bool TryParse(string[] arguments, out Addresses? addresses)
    {
        addresses = arguments switch
        {
            ["--kafka", var kafka, "--registry", var registry] when Uri.IsWellFormedUriString(registry, UriKind.Absolute) =>
                new Addresses(kafka, new Uri(registry)),
            _ => null,
        };
        return addresses is not null || arguments.Length == 0;
    }
}
