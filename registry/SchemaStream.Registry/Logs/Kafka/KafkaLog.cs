using Microsoft.Extensions.Logging;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Logs.Kafka;

/// <summary>The log as two topics of a cluster: <c>_schemas</c>, which Confluent's registry reads and writes as well, and contracts.</summary>
public sealed class KafkaLog : IRegistryLog
{
    private readonly KafkaStoreOptions _options;
    private readonly KafkaCluster _cluster;
    private readonly LogTopics _topics;
    private readonly LogProducer _producer;
    private readonly Func<double> _jitter;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TopicTail> _tails = [];
    private readonly List<Task> _reading = [];
    private LogEnds _opened;
    private int _disposed;

    /// <param name="options">Where the topics are.</param>
    /// <param name="jitter">Gives a number from 0 to 1, so that instances do not try again all at once.</param>
    /// <param name="time">The clock of time-outs and timestamps.</param>
    /// <param name="logger">Told of interruptions.</param>
    public KafkaLog(KafkaStoreOptions options, Func<double> jitter, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _jitter = jitter;
        _time = time;
        _logger = logger;
        _cluster = new KafkaCluster(options.Bootstrap, new KafkaConnectionOptions
        {
            ClientId = "schemastream-registry",
            ConnectTimeout = TimeSpan.FromSeconds(5),
            Tls = options.Tls,
            Sasl = options.Sasl,
            TimeProvider = time,
        });
        _topics = new LogTopics(_cluster, options);
        _producer = new LogProducer(_cluster, _topics, options, jitter, time, logger);
    }

    public UnreadableRecord UnreadableRecord => UnreadableRecord.PassedOver;

    /// <summary>The cluster, for the election and whoever else asks it something.</summary>
    internal KafkaCluster Cluster => _cluster;

    /// <summary>Told whenever another than this instance has written since the log was opened.</summary>
    internal Action? OnOther { get; set; }

    public async Task<LogEnds> StartAsync(IRegistryTail tail, CancellationToken cancellationToken)
    {
        var ends = await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (_options.TakeOverDirectory is { } directory
            && await new SqliteTakeover(directory, _producer, _time, _logger).RunAsync(ends, cancellationToken).ConfigureAwait(false))
        {
            ends = await OpenAsync(cancellationToken).ConfigureAwait(false);
        }

        _opened = ends;
        foreach (var log in new[] { LogName.Schemas, LogName.Contracts })
        {
            var reader = new TopicTail(_cluster, _topics, log, tail, See, NewBackoff(), _time, _logger);
            _tails.Add(reader);
            _reading.Add(Task.Run(() => reader.RunAsync(_stop.Token), CancellationToken.None));
        }

        return ends;
    }

    public ValueTask<LogEnds> BeginAsync(CancellationToken cancellationToken) => _tails.Exists(tail => tail.IsCutBack)
        ? throw new RegistryLogException(
            $"The topics {_options.Topic} and {_options.ContractsTopic} were cut back or made anew. Restart this instance.")
        : _producer.BeginAsync(cancellationToken);

    public ValueTask<IReadOnlyList<long>> AppendAsync(IReadOnlyList<LogRecord> records, CancellationToken cancellationToken) =>
        _producer.AppendAsync(records, cancellationToken);

    /// <summary>Where the topics end now, for who wants to have read all that was written up to now.</summary>
    internal Task<LogEnds> EndsAsync(CancellationToken cancellationToken) => _topics.EndsAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _cluster.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_reading).ConfigureAwait(false);
        _stop.Dispose();
    }

    private void See(BatchOrigin batch)
    {
        var isNew = batch.NextOffset > (batch.Log == LogName.Schemas ? _opened.Schemas : _opened.Contracts);
        if (isNew && !_producer.IsOwn(batch.ProducerId, batch.ProducerEpoch))
        {
            OnOther?.Invoke();
        }
    }

    internal Backoff NewBackoff() => new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2), _jitter);

    /// <summary>The cluster may be starting as well, so it is tried for a while.</summary>
    private async Task<LogEnds> OpenAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var backoff = NewBackoff();
        while (true)
        {
            Exception reason;
            try
            {
                await _topics.EnsureAsync(cancellationToken).ConfigureAwait(false);
                return await _topics.EndsAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (KafkaAuthenticationException refused)
            {
                throw new RegistryLogException($"The cluster cannot be used: {refused.Message}", refused);
            }
            catch (Exception passing) when (KafkaCluster.IsPassing(passing))
            {
                reason = passing;
            }
            catch (KafkaErrorException refused)
            {
                throw new RegistryLogException($"The cluster refused what the registry's log needs. {refused.Message}", refused);
            }

            if (_time.GetElapsedTime(start) > _options.InitTimeout)
            {
                throw new RegistryLogException(
                    $"The cluster could not be used within {_options.InitTimeout.TotalSeconds:0} s: {reason.Message}", reason);
            }

            await Task.Delay(backoff.Next(), _time, cancellationToken).ConfigureAwait(false);
        }
    }
}
