using System.Text.Json;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Topics;

/// <summary>What a registry says of topics' types. Topics are shown without one, too, so a registry that is not there is a remark.</summary>
internal static class KnownContracts
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    /// <summary>The contract of a topic; null where there is none, or no registry that says.</summary>
    public static Task<TopicContract?> OfAsync(CommandContext context, string topic, CancellationToken cancellationToken) =>
        AskAsync(context, (registry, token) => registry.GetContractAsync(topic, token), cancellationToken);

    /// <summary>All contracts by topic; null where no registry says.</summary>
    public static async Task<Dictionary<string, TopicContract>?> AllAsync(CommandContext context, CancellationToken cancellationToken) =>
        (await AskAsync(context, async (registry, token) => await registry.ListContractsAsync(token), cancellationToken))?
            .ToDictionary(contract => contract.Topic, StringComparer.Ordinal);

    public static void Write(Utf8JsonWriter writer, TopicContract? contract)
    {
        if (contract is null)
        {
            writer.WriteNull("contract");
            return;
        }

        writer.WriteStartObject("contract");
        writer.WriteString("key", contract.Key?.Describe());
        writer.WriteString("value", contract.Value?.Describe());
        writer.WriteString("binding", contract.Binding == ContractBinding.Implicit ? "IMPLICIT" : "EXPLICIT");
        writer.WriteEndObject();
    }

    private static async Task<T?> AskAsync<T>(
        CommandContext context, Func<RegistryClient, CancellationToken, ValueTask<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Longest);
        using var registry = context.OpenRegistry();
        try
        {
            return await ask(registry, bound.Token);
        }
        catch (Exception silent) when (silent is RegistryException or HttpRequestException
            || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            context.Output.Note($"The registry at {registry.Address} does not tell of contracts, so none is shown.");
            return null;
        }
    }
}
