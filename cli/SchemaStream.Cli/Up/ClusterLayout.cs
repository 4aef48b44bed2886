using System.Globalization;
using System.Net;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Cli.Processes;

namespace SchemaStream.Cli.Up;

/// <summary>
/// The configuration files of a cluster on this machine. A file that is there is reused, with what the options say written
/// into it; controllers keep the ports they once got, for the cluster's own log names them.
/// </summary>
internal sealed class ClusterLayout
{
    private const string Clients = "PLAINTEXT";
    private const string Controllers = "CONTROLLER";
    private const string ControllerHost = "127.0.0.1";
    private const int MostControllers = 5;

    /// <summary>Each node has its own value of these, so no option gives one for all.</summary>
    private static readonly string[] OwnSettings =
    [
        "node.id", "broker.id", "listeners", "advertised.listeners", "log.dirs", "log.dir", "controller.quorum.voters",
    ];

    private readonly StackOptions _options;
    private readonly BrokerPlace[] _places;
    private readonly BrokerConfigFile[] _files;
    private readonly bool[] _isNew;

    private ClusterLayout(StackOptions options)
    {
        _options = options;
        _places = [.. Enumerable.Range(1, options.Brokers).Select(id => BrokerPlace.Of(options.DataDirectory.FullName, id))];
        _isNew = [.. _places.Select(place => !File.Exists(place.ConfigPath))];
        _files = [.. _places.Select((place, i) => _isNew[i] ? BrokerConfigFile.New(place.ConfigPath) : BrokerConfigFile.Load(place.ConfigPath))];
    }

    /// <summary>Writes every broker's file and returns where they are, by node id.</summary>
    /// <exception cref="BrokerStartException">The directory holds another cluster, or an option cannot be meant for all brokers.</exception>
    public static IReadOnlyList<BrokerPlace> Prepare(StackOptions options)
    {
        RefuseAnotherLayout(options);
        SharedSettings(options);
        var layout = new ClusterLayout(options);
        layout.RefuseRunning();
        layout.Set();
        layout.Save();
        return layout._places;
    }

    /// <summary>What the command line and the environment say of every broker.</summary>
    /// <exception cref="BrokerStartException">Something of it is wrong, or cannot be meant for all brokers.</exception>
    public static BrokerSettings SharedSettings(StackOptions options)
    {
        var configuration = BrokerConfiguration.From(null, options.BrokerEnvironment, options.BrokerSettings);
        if (OwnSettings.FirstOrDefault(configuration.Settings.ContainsKey) is { } own)
        {
            throw new BrokerStartException(
                $"{configuration.Where(own)} {own}: expected a setting that all brokers can share, each has a {own} of its own");
        }

        if (configuration.Settings.GetValueOrDefault(BrokerSettingNames.HttpListenerAddress) is { } http && !http.EndsWith(":0", StringComparison.Ordinal))
        {
            throw new BrokerStartException(
                $"{configuration.Where(BrokerSettingNames.HttpListenerAddress)} {BrokerSettingNames.HttpListenerAddress}: expected port 0, a free "
                + $"one for each broker, found '{http}'; a port of its own may stand in each broker's file");
        }

        try
        {
            return BrokerSettings.Parse(configuration.Settings);
        }
        catch (BrokerSettingException wrong)
        {
            throw new BrokerStartException($"{configuration.Where(wrong.Key)}: {wrong.Message}", wrong);
        }
    }

    /// <summary>A directory stays what it is: the data of one broker, or a cluster of so many.</summary>
    /// <exception cref="BrokerStartException">It is something else.</exception>
    public static void RefuseAnotherLayout(StackOptions options)
    {
        var directory = options.DataDirectory.FullName;
        var last = 0;
        while (Directory.Exists(BrokerPlace.Of(directory, last + 1).Directory))
        {
            last++;
        }

        if (options.Brokers > 1 && Directory.Exists(Path.Combine(directory, "broker")))
        {
            throw new BrokerStartException($"{directory} holds the data of a single broker; a cluster needs another --data-dir");
        }

        if (last > options.Brokers)
        {
            throw new BrokerStartException(
                $"{directory} holds a cluster of {last} brokers: start it with --brokers {last}, or choose another --data-dir");
        }
    }

    /// <summary>What runs already is someone else's to stop, and its files are not to be changed under it.</summary>
    private void RefuseRunning()
    {
        foreach (var place in _places)
        {
            if (PidFile.Read(place.ConfigPath) is { } running && NodeProcess.Runs(running, place.ConfigPath))
            {
                throw new BrokerStartException(
                    $"broker {place.NodeId} of {_options.DataDirectory.FullName} runs already, as process {running}: "
                    + "stop it first, or choose another --data-dir");
            }
        }
    }

    /// <summary>All of them or none: a setting that is refused must not stay in any file.</summary>
    private void Save()
    {
        foreach (var file in _files)
        {
            NodeConfiguration.From(BrokerOptions.FromFile(file));
        }

        foreach (var file in _files)
        {
            file.Save();
        }
    }

    private void Set()
    {
        var clusterId = Present("cluster.id") ?? NewId();
        var voters = Present("controller.quorum.voters") ?? NewVoters();
        var ports = KafkaPorts();
        for (var i = 0; i < _files.Length; i++)
        {
            var file = _files[i];
            if (_isNew[i])
            {
                WriteDefaults(file, _places[i].NodeId, voters);
            }

            file.Set("cluster.id", clusterId);
            file.Set("controller.quorum.voters", voters);
            file.Set("listeners", Listeners(file, _places[i].NodeId, ports[i], voters));
            file.Set("log.dirs", _places[i].DataDirectory);
            foreach (var (key, value) in _options.BrokerSettings)
            {
                file.Set(key, value);
            }
        }
    }

    private void WriteDefaults(BrokerConfigFile file, int nodeId, string voters)
    {
        var replicas = Math.Min(3, _files.Length).ToString(CultureInfo.InvariantCulture);
        file.AddComment($"Broker {nodeId} of a cluster on this machine, written by `schemastream up --brokers {_files.Length}`.");
        file.AddComment("What you add or change here stays, but for ports and directory, which follow the command's options.");
        file.Set("node.id", nodeId.ToString(CultureInfo.InvariantCulture));
        file.Set("process.roles", ControllerPort(voters, nodeId) is null ? "broker" : "broker,controller");
        file.Set("controller.listener.names", Controllers);
        file.Set("inter.broker.listener.name", Clients);
        file.Set("listener.security.protocol.map", $"{Clients}:PLAINTEXT,{Controllers}:PLAINTEXT");
        file.Set("default.replication.factor", replicas);
        file.Set("offsets.topic.replication.factor", replicas);
        file.Set("min.insync.replicas", _files.Length >= 3 ? "2" : "1");
    }

    /// <summary>What the files that are there say; they agree, or someone mixed two clusters.</summary>
    private string? Present(string key)
    {
        var values = _files.Select(file => file.Settings.GetValueOrDefault(key)).OfType<string>().Distinct().ToList();
        return values.Count <= 1 ? values.FirstOrDefault() : throw new BrokerStartException(
            $"{_options.DataDirectory.FullName}: expected one {key} in all brokers' files, found {string.Join(" and ", values)}");
    }

    /// <summary>An odd number of controllers: an even one survives no more failures than the odd one below it.</summary>
    private string NewVoters()
    {
        var count = Math.Min(MostControllers, _files.Length - 1 + (_files.Length % 2));
        var ports = _options.ControllerPort == 0
            ? FreePorts.Take(count, IPAddress.Parse(ControllerHost))
            : Following("--controller-port", _options.ControllerPort, count);
        return string.Join(',', ports.Select((port, i) => $"{i + 1}@{ControllerHost}:{port}"));
    }

    private int[] KafkaPorts()
    {
        var first = _options.KafkaPort ?? StackOptions.StandardKafkaPort;
        if (first != 0)
        {
            return Following("--kafka-port", first, _files.Length);
        }

        var fresh = FreePorts.Take(_files.Length, IPAddress.Loopback);
        return [.. _files.Select((file, i) => PortOf(file) ?? fresh[i])];
    }

    private static int[] Following(string option, int first, int count) =>
        first + count - 1 <= ushort.MaxValue
            ? [.. Enumerable.Range(first, count)]
            : throw new BrokerStartException($"{option} {first}: expected room for {count} consecutive ports up to {ushort.MaxValue}");

    private static int? PortOf(BrokerConfigFile file) =>
        file.Settings.GetValueOrDefault("listeners")?.Split(',').FirstOrDefault(IsForClients) is { } listener
        && int.TryParse(listener.AsSpan(listener.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port > 0
            ? port
            : null;

    /// <summary>The listener for clients follows the options, the controller's the voters; further ones stay.</summary>
    private string Listeners(BrokerConfigFile file, int nodeId, int port, string voters)
    {
        var address = _options.Host ?? StackOptions.StandardHost;
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        var listeners = new List<string> { $"{Clients}://{host}:{port}" };
        if (ControllerPort(voters, nodeId) is { } controllerPort)
        {
            listeners.Add($"{Controllers}://{ControllerHost}:{controllerPort}");
        }

        var others = (file.Settings.GetValueOrDefault("listeners") ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        listeners.AddRange(others.Where(other => !IsForClients(other) && !other.StartsWith(Controllers + "://", StringComparison.Ordinal)));
        return string.Join(',', listeners);
    }

    private static bool IsForClients(string listener) => listener.TrimStart().StartsWith(Clients + "://", StringComparison.Ordinal);

    /// <summary>Null for a node that is no voter.</summary>
    private static string? ControllerPort(string voters, int nodeId)
    {
        var prefix = $"{nodeId}@";
        var voter = voters.Split(',').FirstOrDefault(voter => voter.Trim().StartsWith(prefix, StringComparison.Ordinal));
        return voter?[(voter.LastIndexOf(':') + 1)..].Trim();
    }

    /// <summary>An id in Kafka's form: a uuid's bytes as 22 characters.</summary>
    private static string NewId() =>
        Convert.ToBase64String(Guid.NewGuid().ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
