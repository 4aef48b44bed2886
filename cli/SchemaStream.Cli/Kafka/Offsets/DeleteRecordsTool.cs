using System.Text.Json;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Offsets;

/// <summary><c>kafka-delete-records</c>.</summary>
internal sealed class DeleteRecordsTool : IKafkaTool
{
    private const int TimeoutMs = 30_000;
    private const int MaxFileBytes = 64 * 1024 * 1024;

    public string Name => "kafka-delete-records";

    public ToolSyntax Syntax { get; } =
        new ToolSyntax("kafka-delete-records", "This tool helps to delete records of the given partitions down to the specified offset.")
        .Value("bootstrap-server", "server to connect to", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("offset-json-file", "file",
            "REQUIRED: A file that says up to where: {\"partitions\": [{\"topic\": \"foo\", \"partition\": 1, \"offset\": 1}], \"version\": 1}. -1: all there are.")
        .Value("command-config", "file", "Properties file with settings of the client.");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        arguments.Require("bootstrap-server", "offset-json-file");
        var offsets = Read(arguments.Value("offset-json-file")!);
        await using var cluster = ToolCluster.Open(arguments, ClientProperties.Load(arguments.Value("command-config")), Name);
        var topics = new ClusterTopics(cluster);
        console.Text.Write("Executing records delete operation\n");
        var results = new SortedDictionary<TopicPartition, DeleteRecordsResponse.DeleteRecordsPartitionResult>();
        foreach (var (leader, partitions) in await topics.ByLeaderAsync(offsets.Keys, cancellationToken))
        {
            var broker = await cluster.Brokers.BrokerAsync(leader, ConnectionUse.Shared, cancellationToken);
            var request = new DeleteRecordsRequest
            {
                TimeoutMs = TimeoutMs,
                Topics = [.. partitions.GroupBy(partition => partition.Topic).Select(topic => new DeleteRecordsRequest.DeleteRecordsTopic
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(partition => new DeleteRecordsRequest.DeleteRecordsPartition
                    {
                        PartitionIndex = partition.Partition, Offset = offsets[partition],
                    })],
                })],
            };
            foreach (var topic in (await cluster.AskAsync(broker, request, cancellationToken)).Topics)
            {
                foreach (var partition in topic.Partitions)
                {
                    results[new TopicPartition(topic.Name, partition.PartitionIndex)] = partition;
                }
            }
        }

        console.Text.Write("Records delete operation completed:\n");
        foreach (var (partition, result) in results)
        {
            console.Text.Write(result.ErrorCode == ErrorCode.None
                ? $"partition: {partition}\tlow_watermark: {result.LowWatermark}\n"
                : $"partition: {partition}\terror: {KafkaErrors.ClassName(result.ErrorCode)}: {KafkaErrors.Describe(result.ErrorCode)}\n");
        }

        return results.Values.All(result => result.ErrorCode == ErrorCode.None) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static Dictionary<TopicPartition, long> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                throw new ToolFailedException($"{path} has more than {MaxFileBytes} bytes");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.TryGetProperty("version", out var version) && version.GetInt32() != 1)
            {
                throw new ToolFailedException($"Not supported version field value {version.GetInt32()}");
            }

            if (!root.TryGetProperty("partitions", out var partitions))
            {
                throw new ToolFailedException("Missing partitions field");
            }

            var offsets = new Dictionary<TopicPartition, long>();
            foreach (var each in partitions.EnumerateArray())
            {
                var partition = new TopicPartition(each.GetProperty("topic").GetString()!, each.GetProperty("partition").GetInt32());
                if (!offsets.TryAdd(partition, each.GetProperty("offset").GetInt64()))
                {
                    throw new ToolFailedException($"Offset json file contains duplicate topic partitions: {partition}");
                }
            }

            return offsets;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ToolFailedException($"The input string is not a valid JSON: {wrong.Message}", wrong);
        }
    }
}
