namespace SchemaStream.Cli.Up.Demo;

/// <summary>A topic of the demonstration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">How many.</param>
/// <param name="Settings">By Kafka's names.</param>
/// <param name="HasKey">Whether its records have keys, which are texts.</param>
/// <param name="Format">Of its values.</param>
/// <param name="Type">Of its values, as the contract has it.</param>
/// <param name="Schema">Of its values.</param>
/// <param name="Records">Keys, and values as JSON.</param>
internal sealed record DemoTopic(
    string Name,
    int Partitions,
    IReadOnlyDictionary<string, string> Settings,
    bool HasKey,
    SchemaFormat Format,
    string Type,
    string Schema,
    IReadOnlyList<(string? Key, string Json)> Records);
