using SchemaStream.Contracts;
using SchemaStream.Registry.Client;
using SchemaStream.Transactions;

namespace SchemaStream;

/// <content>Migrations: the one way to change a topic's types.</content>
public sealed partial class SchemaStreamClient
{
    /// <summary>Makes a topic's successor of other types, and copies what the topic holds to it, exactly once.</summary>
    /// <remarks>
    /// The registry learns that the one topic succeeds the other, if it keeps contracts; the new topic is created unless it is
    /// there. Then every record is mapped and written in the same transactions as the progress: a migration that was stopped
    /// or killed goes on where it was when it is started again, and one that is complete copies nothing. Headers and
    /// timestamps are kept unless the mapping gives others; keys decide the partitions anew.
    /// </remarks>
    /// <typeparam name="TKey">The C# type of the old keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the old values.</typeparam>
    /// <typeparam name="TNewKey">The C# type of the new keys.</typeparam>
    /// <typeparam name="TNewValue">The C# type of the new values.</typeparam>
    /// <param name="from">The topic.</param>
    /// <param name="to">Its successor.</param>
    /// <param name="map">
    /// What becomes of a record; null leaves it behind. Tombstones come too, and go as tombstones when the new value is null or
    /// <see cref="OutgoingRecord{TKey, TValue}.IsTombstone"/> says so.
    /// </param>
    /// <param name="options">How to copy; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the migration, which can be gone on with.</param>
    /// <exception cref="RegistryException">The registry refuses: the topic has another successor, for example.</exception>
    /// <exception cref="TopicContractException">A topic carries other types.</exception>
    /// <exception cref="ProducerFencedException">The same migration was started elsewhere.</exception>
    /// <exception cref="RecordDecodeException">A record cannot be read, and the policy is to throw.</exception>
    /// <exception cref="TransactionAbortedException">The brokers refuse a record each time, for its size for example.</exception>
    /// <exception cref="BrokerException">Reading or writing has failed for good.</exception>
    public async Task MigrateAsync<TKey, TValue, TNewKey, TNewValue>(
        Topic<TKey, TValue> from,
        Topic<TNewKey, TNewValue> to,
        Func<ConsumedRecord<TKey, TValue>, OutgoingRecord<TNewKey, TNewValue>?> map,
        MigrationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(map);
        if (string.Equals(from.Name, to.Name, StringComparison.Ordinal))
        {
            throw new ArgumentException($"Topic '{from.Name}' cannot succeed itself: its types never change.", nameof(to));
        }

        options ??= new();
        var name = options.Name ?? $"schemastream-migrate-{from.Name}-{to.Name}";
        var ends = new EndOffsets();
        await using (var producer = await OpenTransactionsAsync(name, options.Transform.Transactions, cancellationToken).ConfigureAwait(false))
        {
            ends.Take(await producer.Transport.EndOffsetsAsync(from.Name, cancellationToken).ConfigureAwait(false));
        }

        var specification = options.Specification ?? new()
        {
            PartitionCount = ends.PartitionCount, Settings = await SettingsAsync(from.Name, cancellationToken).ConfigureAwait(false),
        };
        await SucceedAsync(from, to, specification, cancellationToken).ConfigureAwait(false);

        // All of it: a group that has committed nothing yet begins at the beginning.
        var whole = options.Transform with { Reading = options.Transform.Reading with { AutoOffsetReset = AutoOffsetReset.Earliest } };
        var loop = await LoopAsync(
            from, name, name, (record, transaction, token) => CopyAsync(record, transaction, token), whole, cancellationToken).ConfigureAwait(false);
        await loop.RunAsync(options.Follow ? null : ends, cancellationToken).ConfigureAwait(false);

        ValueTask CopyAsync(ConsumedRecord<TKey, TValue> record, ITransaction transaction, CancellationToken token) =>
            map(record) is { } mapped
                ? ((Transaction)transaction).EnqueueAsync(
                    to,
                    mapped with
                    {
                        Options = mapped.Options with
                        {
                            Headers = mapped.Options.Headers ?? record.Headers,
                            Timestamp = mapped.Options.Timestamp ?? record.Timestamp,
                        },
                    },
                    token)
                : ValueTask.CompletedTask;
    }

    /// <summary>
    /// What the old topic was told, but for its types: a successor that keeps records for less long would lose what is copied,
    /// which has the records' own times.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, string>> SettingsAsync(string topic, CancellationToken cancellationToken)
    {
        const string typesOfTopics = "schemastream.";
        var settings = await _admin.SettingsAsync(topic, cancellationToken).ConfigureAwait(false);
        return settings.Where(setting => !setting.Key.StartsWith(typesOfTopics, StringComparison.Ordinal)).ToDictionary();
    }

    private async Task SucceedAsync<TKey, TValue, TNewKey, TNewValue>(
        Topic<TKey, TValue> from, Topic<TNewKey, TNewValue> to, TopicSpecification specification, CancellationToken cancellationToken)
    {
        await _gate.AdmitAsync(TopicTypes<TKey, TValue>.Derive(from, _formats).Contract, UnboundTopic.Bind, cancellationToken).ConfigureAwait(false);
        var successor = TopicTypes<TNewKey, TNewValue>.Derive(to, _formats).Contract;
        await _registry.PutSuccessorAsync(from.Name, successor, cancellationToken).ConfigureAwait(false);
        await EnsureTopicAsync(to, specification, cancellationToken).ConfigureAwait(false);
    }
}
