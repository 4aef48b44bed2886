using SchemaStream.Contracts;
using SchemaStream.Tables;
using SchemaStream.Transport;

namespace SchemaStream;

/// <content>Tables.</content>
public sealed partial class SchemaStreamClient
{
    /// <summary>Makes a table of a compacted topic, and completes when it holds all that the topic holds now.</summary>
    /// <typeparam name="TKey">The C# type of the keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the values.</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="keyComparer">How keys are told apart; null for the type's own equality, which <c>byte[]</c> lacks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TopicContractException">The topic carries other types.</exception>
    /// <exception cref="RecordDecodeException">A record does not follow its schema (policy <c>Throw</c>).</exception>
    /// <exception cref="BrokerException">The topic cannot be read, for example because it is not there.</exception>
    public async Task<ITopicTable<TKey, TValue>> CreateTableAsync<TKey, TValue>(
        Topic<TKey, TValue> topic,
        TableOptions? options = null,
        IEqualityComparer<TKey>? keyComparer = null,
        CancellationToken cancellationToken = default)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(topic);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChangeCapacity, 1);
        if (options.DecodeFailure.Finally == FailureAction.DeadLetter)
        {
            throw new ArgumentException("A table has no dead-letter topic: throw or skip.", nameof(options));
        }

        var contract = TopicTypes<TKey, TValue>.Derive(topic, _formats).Contract;
        await _gate.AdmitAsync(contract, UnboundTopic.Leave, cancellationToken).ConfigureAwait(false);
        var table = new TopicTable<TKey, TValue>(
            topic,
            ReaderOf<TKey>(contract, RecordSlot.Key),
            ReaderOf<TValue>(contract, RecordSlot.Value),
            _transport.CreateReader(topic.Name, TransportSettings.ForTable(_options, options), _logger),
            options,
            keyComparer,
            _logger);
        try
        {
            await table.WhenReadyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await table.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return table;
    }
}
