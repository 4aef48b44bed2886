namespace Quickstart;

/// <summary>Where broker and registry are.</summary>
internal sealed record Addresses(string Kafka, Uri Registry)
{
    /// <summary>Reads the command line; null when it names neither.</summary>
    public static Addresses? Parse(string[] arguments) => arguments switch
    {
        [] => null,
        ["--kafka", var kafka, "--registry", var registry] => new Addresses(kafka, new Uri(registry)),
        ["--registry", var registry, "--kafka", var kafka] => new Addresses(kafka, new Uri(registry)),
        _ => throw new ArgumentException("usage: Quickstart [--kafka HOST:PORT --registry URL]", nameof(arguments)),
    };
}
