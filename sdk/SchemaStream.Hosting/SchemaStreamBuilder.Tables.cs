using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting.Health;
using SchemaStream.Hosting.Settings;
using SchemaStream.Hosting.Tables;

namespace SchemaStream.Hosting;

/// <content>Tables.</content>
public sealed partial class SchemaStreamBuilder
{
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);

    /// <summary>
    /// Adds <see cref="ITopicTable{TKey, TValue}"/> as a service, keyed by the topic's name too: the latest value of every key of a
    /// compacted topic, in memory and kept up to date for as long as the host lives.
    /// </summary>
    /// <remarks>
    /// The host starts without waiting for it: the health check is degraded until the table is caught up, consumers and transforms
    /// begin when it is, and other code waits for <see cref="ITopicTable{TKey, TValue}.WhenReadyAsync"/>; lookups before that throw
    /// an <see cref="InvalidOperationException"/>. Brokers that cannot be reached are waited for.
    /// </remarks>
    /// <typeparam name="TKey">The C# type of the keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the values.</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="configure">Changes what configuration says under <c>Tables:&lt;topic&gt;</c>.</param>
    /// <param name="keyComparer">How keys are told apart; null for the type's own equality, which <c>byte[]</c> lacks.</param>
    /// <exception cref="InvalidOperationException">The topic has a table already.</exception>
    public SchemaStreamBuilder AddTable<TKey, TValue>(
        Topic<TKey, TValue> topic, Action<TableSettings>? configure = null, IEqualityComparer<TKey>? keyComparer = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (!_tables.Add(topic.Name))
        {
            throw new InvalidOperationException($"Topic '{topic.Name}' has a table already: it is thread-safe, one is enough.");
        }

        var settings = TableSettings.Of(_section, topic.Name, configure);
        var state = new PartState("table", topic.Name);
        Services.AddSingleton<ISettingsCheck>(settings);
        Services.AddSingleton(state);
        Services.AddKeyedSingleton(topic.Name, (provider, _) =>
        {
            provider.GetRequiredService<SchemaStreamClient>(); // made first, so disposed after the table
            return new HostedTable<TKey, TValue>(topic, state);
        });
        Services.AddKeyedSingleton<ITopicTable<TKey, TValue>>(
            topic.Name, (provider, _) => provider.GetRequiredKeyedService<HostedTable<TKey, TValue>>(topic.Name));
        Services.AddSingleton<IHostedTable>(provider => provider.GetRequiredKeyedService<HostedTable<TKey, TValue>>(topic.Name));
        Services.AddSingleton<IHostedService>(provider => new TableService<TKey, TValue>(
            provider.GetRequiredService<SchemaStreamClient>(),
            provider.GetRequiredKeyedService<HostedTable<TKey, TValue>>(topic.Name),
            settings.Value,
            keyComparer,
            provider.GetRequiredService<TimeProvider>(),
            LoggerOf(provider)));
        AddUnkeyed<ITopicTable<TKey, TValue>, TKey, TValue>(topic, "table");
        return this;
    }
}
