using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SchemaStream.Hosting.Consuming;
using SchemaStream.Hosting.Health;
using SchemaStream.Hosting.Producing;
using SchemaStream.Hosting.Settings;
using SchemaStream.Hosting.Starting;
using SchemaStream.Hosting.Tables;

namespace SchemaStream.Hosting;

/// <summary>What topics, producers, consumers, transforms and tables are added to.</summary>
public sealed partial class SchemaStreamBuilder
{
    private readonly IConfiguration? _section;
    private readonly HashSet<string> _producers = new(StringComparer.Ordinal);

    internal SchemaStreamBuilder(IServiceCollection services, IConfiguration? section)
    {
        Services = services;
        _section = section;
    }

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Creates a topic at the start unless it is there, and binds its contract.</summary>
    /// <typeparam name="TKey">The C# type of the keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the values.</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="specification">
    /// Partitions, replicas and settings of a new topic; null for the brokers' defaults. What configuration says under
    /// <c>Topics:&lt;topic&gt;</c> comes before it.
    /// </param>
    public SchemaStreamBuilder AddTopic<TKey, TValue>(Topic<TKey, TValue> topic, TopicSpecification? specification = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var settings = TopicSettings.Of(_section, topic.Name);
        Services.AddSingleton<ISettingsCheck>(settings);
        Services.AddSingleton<IStartStep>(provider => new TopicStep<TKey, TValue>(
            provider.GetRequiredService<SchemaStreamClient>(), topic, settings.Value.ToSpecification(specification)));
        return this;
    }

    /// <summary>
    /// Adds <see cref="ITopicProducer{TKey, TValue}"/> as a service, keyed by the topic's name too. It is made when the host
    /// starts, whose start fails if the topic carries other types.
    /// </summary>
    /// <typeparam name="TKey">The C# type of the keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the values.</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="configure">Changes what configuration says under <c>Producers:&lt;topic&gt;</c>.</param>
    /// <exception cref="InvalidOperationException">The topic has a producer already.</exception>
    public SchemaStreamBuilder AddProducer<TKey, TValue>(Topic<TKey, TValue> topic, Action<ProducerSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (!_producers.Add(topic.Name))
        {
            throw new InvalidOperationException($"Topic '{topic.Name}' has a producer already: it is thread-safe, one is enough.");
        }

        var settings = ProducerSettings.Of(_section, topic.Name, configure);
        Services.AddSingleton<ISettingsCheck>(settings);
        Services.AddKeyedSingleton(topic.Name, (provider, _) => new HostedProducer<TKey, TValue>(
            provider.GetRequiredService<SchemaStreamClient>(), topic, settings.Value.ToOptions()));
        Services.AddKeyedSingleton<ITopicProducer<TKey, TValue>>(
            topic.Name, (provider, _) => provider.GetRequiredKeyedService<HostedProducer<TKey, TValue>>(topic.Name));
        Services.AddSingleton<IStartStep>(
            provider => provider.GetRequiredKeyedService<HostedProducer<TKey, TValue>>(topic.Name));
        AddUnkeyed<ITopicProducer<TKey, TValue>, TKey, TValue>(topic, "producer");
        return this;
    }

    /// <summary>Handles the records of a topic for as long as the host runs, one scope and one handler per record.</summary>
    /// <typeparam name="THandler">
    /// Handles a record: an <see cref="ITopicHandler{TKey, TValue}"/> of the topic's types, added as a scoped service.
    /// </typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="groupId">The consumer group. The same program may run many times: its members share the partitions.</param>
    /// <param name="configure">Changes what configuration says under <c>Consumers:&lt;group&gt;</c>.</param>
    /// <exception cref="ArgumentException">The handler is not one of the topic's types.</exception>
    public SchemaStreamBuilder AddConsumer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        ITopic topic, string groupId, Action<ConsumerSettings>? configure = null)
        where THandler : class
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        return topic.Accept(new ConsumerAddition<THandler>(this, groupId, configure));
    }

    /// <summary>Adds a health check named <c>schemastream</c>: brokers and registry answer, consumers and transforms run, tables are caught up.</summary>
    /// <param name="failureStatus">What to report when that is not so.</param>
    /// <param name="tags">Tags to tell checks apart by, such as <c>ready</c>.</param>
    public SchemaStreamBuilder AddHealthChecks(HealthStatus failureStatus = HealthStatus.Unhealthy, params IEnumerable<string> tags)
    {
        Services.AddHealthChecks().AddCheck<SchemaStreamHealthCheck>("schemastream", failureStatus, tags);
        return this;
    }

    /// <summary>Without a key the service is found by its types, as long as one topic alone has them.</summary>
    private void AddUnkeyed<TService, TKey, TValue>(Topic<TKey, TValue> topic, string kind)
        where TService : class
    {
        var isTaken = Services.Any(service => !service.IsKeyedService && service.ServiceType == typeof(TService));
        if (!isTaken)
        {
            Services.AddSingleton(provider => provider.GetRequiredKeyedService<TService>(topic.Name));
            return;
        }

        Services.Replace(ServiceDescriptor.Singleton<TService>(_ => throw new InvalidOperationException(
            $"Several topics carry {typeof(TKey).Name} keys and {typeof(TValue).Name} values, '{topic.Name}' among them: ask for "
            + $"the {kind} of one, as with [FromKeyedServices(\"{topic.Name}\")].")));
    }

    private static ILogger LoggerOf(IServiceProvider provider) =>
        provider.GetRequiredService<ILoggerFactory>().CreateLogger("SchemaStream.Hosting");

    private sealed class ConsumerAddition<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        SchemaStreamBuilder builder, string groupId, Action<ConsumerSettings>? configure)
        : ITopicVisitor<SchemaStreamBuilder>
        where THandler : class
    {
        public SchemaStreamBuilder Visit<TKey, TValue>(Topic<TKey, TValue> topic)
        {
            if (!typeof(ITopicHandler<TKey, TValue>).IsAssignableFrom(typeof(THandler)))
            {
                throw new ArgumentException(
                    $"{typeof(THandler).Name} cannot handle topic '{topic.Name}': an ITopicHandler<{typeof(TKey).Name}, {typeof(TValue).Name}> was expected.");
            }

            var state = new PartState("consumer", $"{topic.Name} as {groupId}");
            var settings = ConsumerSettings.Of(builder._section, groupId, configure);
            builder.Services.AddSingleton<ISettingsCheck>(settings);
            builder.Services.TryAddScoped<THandler>();
            builder.Services.AddSingleton(state);
            builder.Services.AddSingleton<IHostedService>(provider => new ConsumerService<TKey, TValue>(
                provider.GetRequiredService<SchemaStreamClient>(),
                topic,
                groupId,
                typeof(THandler),
                settings.Value,
                state,
                provider.GetServices<IHostedTable>(),
                provider.GetRequiredService<IServiceScopeFactory>(),
                provider.GetRequiredService<TimeProvider>(),
                LoggerOf(provider)));
            return builder;
        }
    }
}
