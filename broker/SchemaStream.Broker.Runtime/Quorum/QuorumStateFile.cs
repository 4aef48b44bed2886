using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>Kafka's <c>quorum-state</c>: epoch and vote, replaced as a whole and durable before anything is said that rests on it.</summary>
internal static class QuorumStateFile
{
    public const string Name = "quorum-state";

    private const int Version = 1;
    private const int None = -1;

    /// <summary>Null when there is none: a new node, or one from before there was a quorum.</summary>
    /// <exception cref="LogStorageException">It makes no sense. To guess could be to vote twice.</exception>
    public static QuorumState? Read(ILogDirectory directory)
    {
        if (directory.ReadText(Name) is not { } text)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            var version = json.RootElement.GetProperty("data_version").GetInt32();
            var leaderEpoch = json.RootElement.GetProperty("leaderEpoch").GetInt32();
            return version == Version && leaderEpoch >= 0
                ? new QuorumState(leaderEpoch, NodeOf(json, "votedId"), NodeOf(json, "leaderId"))
                : throw new FormatException($"data_version {version}, leaderEpoch {leaderEpoch}");
        }
        catch (Exception nonsense) when (nonsense is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new LogStorageException(
                $"Could not read {Path.Combine(directory.Path, Name)}: {nonsense.Message}. Without it this node could vote twice "
                + "in an epoch. If other controllers are well, give this node an empty data directory.",
                nonsense);
        }
    }

    public static void Write(ILogDirectory directory, QuorumState state)
    {
        var json = new JsonObject
        {
            ["leaderId"] = state.Leader?.Value ?? None,
            ["leaderEpoch"] = state.LeaderEpoch,
            ["votedId"] = state.VotedFor?.Value ?? None,
            ["data_version"] = Version,
        };
        directory.ReplaceText(Name, json.ToJsonString(), durable: true);
    }

    private static NodeId? NodeOf(JsonDocument json, string name) =>
        json.RootElement.GetProperty(name).GetInt32() is var id && id >= 0 ? new NodeId(id) : null;
}
