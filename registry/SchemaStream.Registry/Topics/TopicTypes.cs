using System.Globalization;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core.Contracts;

namespace SchemaStream.Registry.Topics;

/// <summary>
/// Binds what topics state in their configs. A topic is looked up before anything else is bound to it, so that what it was
/// created with comes first; and all of them from time to time, so that contracts show topics that nobody asked about.
/// </summary>
internal sealed class TopicTypes : IAsyncDisposable
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly RegistryWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;

    public TopicTypes(ITopicDirectory? directory, RegistryWriter writer, TimeProvider time, ILogger logger)
    {
        Directory = directory;
        _writer = writer;
        _time = time;
        _logger = logger;
    }

    /// <summary>The cluster's topics; null where there is no cluster.</summary>
    public ITopicDirectory? Directory { get; }

    /// <summary>Begins to look from time to time.</summary>
    public void Start()
    {
        if (Directory is not null)
        {
            _running = RunAsync(Directory);
        }
    }

    /// <summary>Binds what a topic states, unless its contract is whole already. A silent cluster is asked later.</summary>
    /// <exception cref="NotLeaderException">There is something to bind, and the leader has to be asked.</exception>
    public async Task EnsureAsync(string topic, CancellationToken cancellationToken)
    {
        var contract = _writer.Image.Contracts.ByTopic.GetValueOrDefault(topic);
        var isWhole = contract is { Key.Binding: ContractBinding.Explicit, Value.Binding: ContractBinding.Explicit };
        if (Directory is null || isWhole)
        {
            return;
        }

        try
        {
            if (await Directory.FindAsync(topic, cancellationToken).ConfigureAwait(false) is { } found)
            {
                await BindAsync([found], cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TopicDirectoryException silent)
        {
            RegistryMessages.TopicsNotAsked(_logger, silent.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(ITopicDirectory directory)
    {
        try
        {
            await ((Task)_writer.Opened.WaitAsync(_stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var timer = new PeriodicTimer(Interval, _time);
            while (_writer.Opened.IsCompletedSuccessfully && await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                await BindAllAsync(directory).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The registry stops.
        }
    }

    private async Task BindAllAsync(ITopicDirectory directory)
    {
        try
        {
            await BindAsync(await directory.ListStatedAsync(_stop.Token).ConfigureAwait(false), _stop.Token).ConfigureAwait(false);
        }
        catch (TopicDirectoryException silent)
        {
            RegistryMessages.TopicsNotAsked(_logger, silent.Message);
        }
        catch (NotLeaderException)
        {
            // The leader looks for itself.
        }
    }

    private async Task BindAsync(IReadOnlyList<StatedTopic> topics, CancellationToken cancellationToken)
    {
        foreach (var command in StatedTypes.Due(_writer.Image, topics))
        {
            var bound = await _writer.SubmitAsync(command, cancellationToken).ConfigureAwait(false);
            if (bound.Error is { } refusal && IsNews(command.Topic, refusal.Code))
            {
                RegistryMessages.StatedTypeRefused(_logger, command.Topic, refusal.Message);
            }
        }
    }

    /// <summary>A refusal is told once: the topic states the same at every look.</summary>
    private bool IsNews(string topic, int code)
    {
        lock (_told)
        {
            return _told.Count < MostRemembered && _told.Add(string.Create(CultureInfo.InvariantCulture, $"{topic} {code}"));
        }
    }
}
