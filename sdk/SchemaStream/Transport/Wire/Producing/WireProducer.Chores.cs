using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Protocol.Messages;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Producing;

/// <content>Leaders, and the producer's identity.</content>
internal sealed partial class WireProducer
{
    private const long IdentityRetryMs = 100;

    private bool _isIdentityAsked;
    private long _identityAtMs = long.MinValue;

    /// <summary>Under the lock: begins whatever is to be asked now.</summary>
    private void StartChores(long nowMs)
    {
        if (_state.TakeLayoutChore(nowMs))
        {
            Start(LearnLayoutAsync());
        }

        if (!_isIdentityAsked && nowMs >= _identityAtMs && _state.NeedsIdentity)
        {
            _isIdentityAsked = true;
            Start(LearnIdentityAsync());
        }
    }

    private async Task LearnLayoutAsync()
    {
        TopicLayout? layout = null;
        await TryAsync(async () => layout = await _cluster.DescribeAsync(_topic, mayCreate: true, _stopped).ConfigureAwait(false))
            .ConfigureAwait(false);
        lock (_lock)
        {
            if (layout is not null)
            {
                _state.OnLayout(layout, NowMs);
            }
            else
            {
                _state.OnLayoutFailed(NowMs);
            }
        }

        if (layout is { Error: not ErrorCode.None })
        {
            _lastError = $"topic '{_topic}': {WireErrors.NameOf(layout.Error)}";
        }

        Tell();
        _wakeup.Set();
    }

    private async Task LearnIdentityAsync()
    {
        var request = new InitProducerIdRequest { TransactionTimeoutMs = _settings.RequestTimeoutMs };
        InitProducerIdResponse? answer = null;
        var refusal = ErrorCode.None;
        await TryAsync(async () =>
        {
            try
            {
                answer = await _cluster.AskAnyAsync(request, _stopped).ConfigureAwait(false);
            }
            catch (KafkaErrorException unknown) when (unknown.Error == ErrorCode.UnsupportedVersion)
            {
                refusal = unknown.Error;
            }
        }).ConfigureAwait(false);
        refusal = answer?.ErrorCode ?? refusal;
        lock (_lock)
        {
            (_isIdentityAsked, _identityAtMs) = (false, NowMs + IdentityRetryMs);
            if (answer is { ErrorCode: ErrorCode.None })
            {
                _state.OnIdentity(new ProducerIdentity(answer.ProducerId, answer.ProducerEpoch));
            }
            else if (refusal is not ErrorCode.None && !new KafkaErrorException(refusal, "").IsPassing)
            {
                _state.OnIdentityRefused(refusal);
            }
        }

        if (refusal != ErrorCode.None)
        {
            _lastError = $"no producer id was given out: {WireErrors.NameOf(refusal)}";
        }

        Tell();
        _wakeup.Set();
    }

    private async Task TryAsync(Func<Task> chore)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the caller holds the lock
        try
        {
            await chore().ConfigureAwait(false);
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            // The producer is disposed of.
        }
        catch (Exception passing) when (IsPassing(passing))
        {
            var reason = Refusals.Explain(passing);
            (_lastError, var refused) = (reason, passing as KafkaAuthenticationException);
            _logger.BrokersNotAsked(_topic, reason);
            if (refused is not null)
            {
                lock (_lock)
                {
                    _state.OnRefused(new BatchFailure(Refusals.CodeOf(refused), reason, IsOutcomeUnknown: false));
                }
            }
        }
    }

    /// <summary>Everything but what no later attempt would mend.</summary>
    private static bool IsPassing(Exception failure) =>
        KafkaCluster.IsPassing(failure)
        || failure is KafkaErrorException or KafkaAuthenticationException or ObjectDisposedException;
}
