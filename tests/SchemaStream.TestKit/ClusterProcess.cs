using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.TestKit;

/// <summary>
/// <c>schemastream up --brokers N</c>, with what an outside script does to it: kill a broker by the pid in its file, and
/// start it again from its properties.
/// </summary>
public sealed class ClusterProcess : IAsyncDisposable
{
    /// <summary>How long a cluster may take to come to what is waited for.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly StackProcess _stack;
    private readonly Dictionary<int, ProgramProcess> _restarted = [];

    private ClusterProcess(StackProcess stack, int brokers)
    {
        _stack = stack;
        NodeIds = [.. Enumerable.Range(1, brokers)];
    }

    /// <summary>The brokers, whether they run or not.</summary>
    public IReadOnlyList<int> NodeIds { get; }

    /// <summary>The brokers' <c>HOST:PORT</c> in the order of their ids, with commas between them.</summary>
    public string BootstrapServers => _stack.BootstrapServers;

    /// <summary>The registry's URL, without a slash at its end.</summary>
    public string RegistryUrl => _stack.RegistryUrl;

    /// <summary>What the cluster, and brokers started again, wrote to standard error so far.</summary>
    public string Log => _stack.Log + string.Concat(_restarted.Select(broker => $"--- broker {broker.Key}, started again\n{broker.Value.Log}"));

    /// <summary>
    /// Starts it and returns when all brokers serve. A new cluster gets ports that no other test of this machine takes while
    /// a broker of it is down; one that is there keeps its own.
    /// </summary>
    public static async Task<ClusterProcess> StartAsync(string dataDirectory, int brokers, params string[] options)
    {
        string[] ports = [];
        if (!Directory.Exists(Path.Combine(dataDirectory, "broker-1")) && !options.Contains("--kafka-port"))
        {
            // Of n brokers at most n are controllers.
            var first = FreePorts.Take(2 * brokers)[0];
            ports = ["--kafka-port", Text(first), "--controller-port", Text(first + brokers)];
        }

        return new(await StackProcess.StartAsync(dataDirectory, ["--brokers", Text(brokers), .. ports, .. options]), brokers);

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Everything of one broker.</summary>
    public string DirectoryOf(int broker) =>
        Path.Combine(_stack.DataDirectory, string.Create(CultureInfo.InvariantCulture, $"broker-{broker}"));

    /// <summary>The broker's settings.</summary>
    public string ConfigOf(int broker) => Path.Combine(DirectoryOf(broker), "broker.properties");

    /// <summary>What stands in the broker's file <c>pid</c>.</summary>
    public int ProcessIdOf(int broker) => int.Parse(File.ReadAllText(PidFileOf(broker)), CultureInfo.InvariantCulture);

    /// <summary>Whether the broker says that it runs.</summary>
    public bool HasPidFile(int broker) => File.Exists(PidFileOf(broker));

    /// <summary>Sends SIGKILL to the process whose id stands in the broker's file, and returns when it is gone.</summary>
    public async Task KillAsync(int broker)
    {
        var process = ProcessIdOf(broker);
        await ProgramProcess.SignalAsync("KILL", process);
        await UntilAsync(() => Task.FromResult(!IsRunning(process)), $"process {process} is gone");
        if (_restarted.Remove(broker, out var restarted))
        {
            await restarted.DisposeAsync();
        }
    }

    /// <summary>Starts a broker that was killed, and returns when it serves.</summary>
    public async Task RestartAsync(int broker) =>
        _restarted[broker] = await ProgramProcess.StartAsync("broker", "--config", ConfigOf(broker));

    /// <summary>The node that leads the partition now.</summary>
    public async Task<int> LeaderOfAsync(string topic, int partition)
    {
        var leader = -1;
        await UntilAsync(
            async () => (leader = (await PartitionsAsync(topic))[partition].LeaderId) > 0, $"{topic}-{partition} has a leader");
        return leader;
    }

    /// <summary>The node that is the active controller now.</summary>
    public async Task<int> ControllerAsync()
    {
        var request = new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }] };
        var leader = -1;
        await UntilAsync(
            async () =>
            {
                var answer = await AskAnyAsync(request, 0);
                leader = answer.ErrorCode == ErrorCode.None ? answer.Topics[0].Partitions[0].LeaderId : -1;
                return leader > 0;
            },
            "the quorum has a leader");
        return leader;
    }

    /// <summary>Returns when each replica of the topic is in sync.</summary>
    public Task UntilInSyncAsync(string topic) => UntilAsync(
        async () => (await PartitionsAsync(topic)).TrueForAll(
            partition => partition.LeaderId > 0 && partition.IsrNodes.Count == partition.ReplicaNodes.Count),
        $"all replicas of {topic} are in sync");

    /// <summary>Asks again until it is so.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var pause = new PeriodicTimer(Pause);
        try
        {
            while (!await isSo().WaitAsync(limit.Token))
            {
                await pause.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"In {Limit} it did not come to this: {what}\n{Log}");
        }
    }

    /// <summary>Sends SIGKILL to the one that started all, and returns when it and the brokers it started are gone.</summary>
    public async Task KillStarterAsync()
    {
        var brokers = NodeIds.Where(HasPidFile).Select(ProcessIdOf).ToList();
        await _stack.KillAsync();
        foreach (var broker in brokers)
        {
            await UntilAsync(() => Task.FromResult(!IsRunning(broker)), $"process {broker} is gone");
        }
    }

    /// <summary>Sends SIGTERM to the one that started all, which ends all, and returns its exit code.</summary>
    public Task<int> StopAsync() => _stack.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in _restarted.Values)
        {
            await broker.DisposeAsync();
        }

        await _stack.DisposeAsync();

        // Brokers end when they find that the process that started them is gone; until then they write.
        await UntilAsync(() => Task.FromResult(!NodeIds.Any(IsLeft)), "the brokers have ended");
    }

    private bool IsLeft(int broker)
    {
        try
        {
            return IsRunning(ProcessIdOf(broker));
        }
        catch (IOException)
        {
            // It has taken its file away, which is the last thing it does.
            return false;
        }
    }

    private string PidFileOf(int broker) => Path.Combine(DirectoryOf(broker), "pid");

    private async Task<List<MetadataResponse.MetadataResponsePartition>> PartitionsAsync(string topic)
    {
        var request = new MetadataRequest { Topics = [new() { Name = topic }], AllowAutoTopicCreation = false };
        return [.. (await AskAnyAsync(request, 12)).Topics[0].Partitions.OrderBy(partition => partition.PartitionIndex)];
    }

    /// <summary>Asks one broker after the other until one answers.</summary>
    private async Task<TResponse> AskAnyAsync<TResponse>(IRequestMessage<TResponse> request, short version)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            foreach (var broker in BootstrapServers.Split(','))
            {
                try
                {
                    var endPoint = IPEndPoint.Parse(broker);
                    await using var connection = await KafkaConnection.ConnectAsync(
                        endPoint.Address.ToString(), endPoint.Port, cancellationToken: limit.Token);
                    return await connection.SendAsync(request, version, limit.Token);
                }
                catch (Exception gone) when (gone is SocketException or KafkaConnectionClosedException)
                {
                    // The next one then.
                }
            }
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var running = System.Diagnostics.Process.GetProcessById(process);
            return !running.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
