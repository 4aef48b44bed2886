using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Groups;
using SchemaStream.Cli.Profiles;
using SchemaStream.Cli.Topics;

namespace SchemaStream.Cli.Completion;

/// <summary>Names that a cluster and a registry know just now. Whoever types waits for them, so not for long.</summary>
internal static class LiveNames
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1500);

    public static Task<IEnumerable<string>> TopicsAsync(EffectiveSettings settings, CancellationToken cancellationToken) =>
        AskClusterAsync(
            settings,
            async (cluster, token) => (await TopicLookup.AllAsync(cluster, token)).Where(topic => !topic.IsInternal).Select(topic => topic.Name!),
            cancellationToken);

    public static Task<IEnumerable<string>> GroupsAsync(EffectiveSettings settings, CancellationToken cancellationToken) =>
        AskClusterAsync(
            settings, async (cluster, token) => (await new GroupAdministration(cluster).ListAsync(token)).Select(group => group.GroupId), cancellationToken);

    public static async Task<IEnumerable<string>> SubjectsAsync(EffectiveSettings settings, CancellationToken cancellationToken)
    {
        using var bound = Bound(cancellationToken);
        using var registry = RegistryConnecting.Open(settings);
        return await registry.ListSubjectsAsync(bound.Token);
    }

    private static async Task<IEnumerable<string>> AskClusterAsync(
        EffectiveSettings settings, Func<ToolCluster, CancellationToken, Task<IEnumerable<string>>> ask, CancellationToken cancellationToken)
    {
        using var bound = Bound(cancellationToken);
        await using var cluster = ToolCluster.Open(settings.BootstrapServers, settings.Properties, "schemastream", Longest);
        return [.. await ask(cluster, bound.Token)];
    }

    private static CancellationTokenSource Bound(CancellationToken cancellationToken)
    {
        var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Longest);
        return bound;
    }
}
