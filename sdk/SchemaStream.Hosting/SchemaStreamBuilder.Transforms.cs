using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting.Health;
using SchemaStream.Hosting.Settings;
using SchemaStream.Hosting.Tables;
using SchemaStream.Hosting.Transforming;

namespace SchemaStream.Hosting;

/// <content>Exactly-once loops.</content>
public sealed partial class SchemaStreamBuilder
{
    private readonly List<(string GroupId, PartSettings<TransformSettings> Settings)> _transforms = [];

    /// <summary>Writes what a function makes of the records of a topic to another, exactly once, for as long as the host runs.</summary>
    /// <remarks>
    /// What is written and the progress in what is read are committed together, as
    /// <see cref="SchemaStreamClient.TransformAsync{TKey, TValue, TNewKey, TNewValue}"/> does. Brokers and registry that cannot be
    /// reached are waited for; what else the function throws stops the host. When the host stops, what is in hand is committed first.
    /// </remarks>
    /// <typeparam name="TKey">The C# type of the keys that are read.</typeparam>
    /// <typeparam name="TValue">The C# type of the values that are read.</typeparam>
    /// <typeparam name="TNewKey">The C# type of the keys that are written.</typeparam>
    /// <typeparam name="TNewValue">The C# type of the values that are written.</typeparam>
    /// <param name="from">The topic to read.</param>
    /// <param name="to">The topic to write.</param>
    /// <param name="groupId">The consumer group. The same program may run many times: its members share the partitions.</param>
    /// <param name="map">What becomes of a record; null for nothing.</param>
    /// <param name="configure">Changes what configuration says under <c>Transforms:&lt;group&gt;</c>.</param>
    public SchemaStreamBuilder AddTransform<TKey, TValue, TNewKey, TNewValue>(
        Topic<TKey, TValue> from,
        Topic<TNewKey, TNewValue> to,
        string groupId,
        Func<ConsumedRecord<TKey, TValue>, OutgoingRecord<TNewKey, TNewValue>?> map,
        Action<TransformSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        ArgumentNullException.ThrowIfNull(map);
        return AddTransform<TKey, TValue>(
            from,
            groupId,
            $"a function into '{to.Name}'",
            _ => (record, transaction, token) => SendAsync(transaction, to, map(record), token),
            configure);
    }

    /// <summary>
    /// As the other overload, with a transform that is made of services: one scope and one <typeparamref name="TTransform"/> per record.
    /// </summary>
    /// <typeparam name="TTransform">
    /// Says what becomes of a record: an <see cref="ITopicTransform{TKey, TValue, TNewKey, TNewValue}"/> of the topics' types, added as
    /// a scoped service.
    /// </typeparam>
    /// <param name="from">The topic to read.</param>
    /// <param name="to">The topic to write.</param>
    /// <param name="groupId">The consumer group. The same program may run many times: its members share the partitions.</param>
    /// <param name="configure">Changes what configuration says under <c>Transforms:&lt;group&gt;</c>.</param>
    /// <exception cref="ArgumentException">The transform is not one of the topics' types.</exception>
    public SchemaStreamBuilder AddTransform<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTransform>(
        ITopic from, ITopic to, string groupId, Action<TransformSettings>? configure = null)
        where TTransform : class
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        return from.Accept(new TransformAddition<TTransform>(this, to, groupId, configure));
    }

    /// <summary>
    /// Handles the records of a topic within transactions, exactly once, for as long as the host runs, one scope and one handler per
    /// record: for what becomes several records, or records of several topics. Otherwise as the other overloads.
    /// </summary>
    /// <typeparam name="THandler">
    /// Handles a record: an <see cref="ITransactionHandler{TKey, TValue}"/> of the topic's types, added as a scoped service.
    /// </typeparam>
    /// <param name="from">The topic to read.</param>
    /// <param name="groupId">The consumer group. The same program may run many times: its members share the partitions.</param>
    /// <param name="configure">Changes what configuration says under <c>Transforms:&lt;group&gt;</c>.</param>
    /// <exception cref="ArgumentException">The handler is not one of the topic's types.</exception>
    public SchemaStreamBuilder AddTransform<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        ITopic from, string groupId, Action<TransformSettings>? configure = null)
        where THandler : class
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        return from.Accept(new TransactionHandlerAddition<THandler>(this, groupId, configure));
    }

    private static ValueTask SendAsync<TKey, TValue>(
        ITransaction transaction, Topic<TKey, TValue> to, OutgoingRecord<TKey, TValue>? made, CancellationToken cancellationToken) => made switch
    {
        null => ValueTask.CompletedTask,
        { IsTombstone: true } gone => transaction.EnqueueTombstoneAsync(to, gone.Key, gone.Options, cancellationToken),
        { } record => transaction.EnqueueAsync(to, record.Key, record.Value, record.Options, cancellationToken),
    };

    private SchemaStreamBuilder AddTransform<TKey, TValue>(
        Topic<TKey, TValue> from,
        string groupId,
        string name,
        Func<IServiceScopeFactory, Func<ConsumedRecord<TKey, TValue>, ITransaction, CancellationToken, ValueTask>> handler,
        Action<TransformSettings>? configure)
    {
        var state = new PartState("transform", $"{from.Name} as {groupId}");
        var settings = TransformSettings.Of(_section, groupId, configure);
        if (_transforms.Count == 0)
        {
            Services.AddSingleton<ISettingsCheck>(new TransactionalIds(_transforms));
        }

        _transforms.Add((groupId, settings));
        Services.AddSingleton<ISettingsCheck>(settings);
        Services.AddSingleton(state);
        Services.AddSingleton<IHostedService>(provider => new TransformService<TKey, TValue>(
            provider.GetRequiredService<SchemaStreamClient>(),
            from,
            groupId,
            name,
            handler(provider.GetRequiredService<IServiceScopeFactory>()),
            settings.Value,
            state,
            provider.GetServices<IHostedTable>(),
            provider.GetRequiredService<TimeProvider>(),
            LoggerOf(provider)));
        return this;
    }

    private sealed class TransformAddition<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTransform>(
        SchemaStreamBuilder builder, ITopic to, string groupId, Action<TransformSettings>? configure) : ITopicVisitor<SchemaStreamBuilder>
        where TTransform : class
    {
        public SchemaStreamBuilder Visit<TKey, TValue>(Topic<TKey, TValue> topic) =>
            to.Accept(new TransformTarget<TTransform, TKey, TValue>(builder, topic, groupId, configure));
    }

    private sealed class TransformTarget<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTransform, TKey, TValue>(
        SchemaStreamBuilder builder, Topic<TKey, TValue> from, string groupId, Action<TransformSettings>? configure)
        : ITopicVisitor<SchemaStreamBuilder>
        where TTransform : class
    {
        public SchemaStreamBuilder Visit<TNewKey, TNewValue>(Topic<TNewKey, TNewValue> topic)
        {
            if (!typeof(ITopicTransform<TKey, TValue, TNewKey, TNewValue>).IsAssignableFrom(typeof(TTransform)))
            {
                throw new ArgumentException(
                    $"{typeof(TTransform).Name} cannot transform topic '{from.Name}' into '{topic.Name}': an ITopicTransform<{typeof(TKey).Name}, "
                    + $"{typeof(TValue).Name}, {typeof(TNewKey).Name}, {typeof(TNewValue).Name}> was expected.");
            }

            builder.Services.TryAddScoped<TTransform>();
            return builder.AddTransform<TKey, TValue>(
                from,
                groupId,
                typeof(TTransform).Name,
                scopes => async (record, transaction, token) =>
                {
                    var scope = scopes.CreateAsyncScope();
                    await using var _ = scope.ConfigureAwait(false);
                    var transform = (ITopicTransform<TKey, TValue, TNewKey, TNewValue>)(object)scope.ServiceProvider.GetRequiredService<TTransform>();
                    var made = await transform.TransformAsync(record, token).ConfigureAwait(false);
                    await SendAsync(transaction, topic, made, token).ConfigureAwait(false);
                },
                configure);
        }
    }

    private sealed class TransactionHandlerAddition<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        SchemaStreamBuilder builder, string groupId, Action<TransformSettings>? configure) : ITopicVisitor<SchemaStreamBuilder>
        where THandler : class
    {
        public SchemaStreamBuilder Visit<TKey, TValue>(Topic<TKey, TValue> topic)
        {
            if (!typeof(ITransactionHandler<TKey, TValue>).IsAssignableFrom(typeof(THandler)))
            {
                throw new ArgumentException(
                    $"{typeof(THandler).Name} cannot handle topic '{topic.Name}' in transactions: an ITransactionHandler<{typeof(TKey).Name}, "
                    + $"{typeof(TValue).Name}> was expected.");
            }

            builder.Services.TryAddScoped<THandler>();
            return builder.AddTransform<TKey, TValue>(
                topic,
                groupId,
                typeof(THandler).Name,
                scopes => async (record, transaction, token) =>
                {
                    var scope = scopes.CreateAsyncScope();
                    await using var _ = scope.ConfigureAwait(false);
                    var handling = (ITransactionHandler<TKey, TValue>)(object)scope.ServiceProvider.GetRequiredService<THandler>();
                    await handling.HandleAsync(record, transaction, token).ConfigureAwait(false);
                },
                configure);
        }
    }
}
