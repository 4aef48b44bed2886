using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SchemaStream.Hosting.Settings;
using SchemaStream.Hosting.Starting;

namespace SchemaStream.Hosting;

/// <summary>Adds SchemaStream to a host.</summary>
public static class SchemaStreamServices
{
    /// <summary>Adds the client, with settings from configuration that are checked when the host starts.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">
    /// The section that is bound to <see cref="SchemaStreamSettings"/>; its <c>Producers</c> and <c>Consumers</c> hold the
    /// settings of each by topic and group.
    /// </param>
    /// <returns>What producers and consumers are added to.</returns>
    /// <example><code>
    /// builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
    ///     .AddProducer(Orders.Topic)
    ///     .AddConsumer&lt;OrderHandler&gt;(Orders.Topic, "billing")
    ///     .AddHealthChecks();
    /// </code></example>
    public static SchemaStreamBuilder AddSchemaStream(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var text = new ClientText(section);
        services.AddSingleton<ISettingsCheck>(text);
        services.AddOptions<SchemaStreamSettings>().Configure(text.BindTo);
        return Add(services, section);
    }

    /// <summary>Adds the client, with settings from code.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the settings.</param>
    /// <returns>What producers and consumers are added to.</returns>
    public static SchemaStreamBuilder AddSchemaStream(this IServiceCollection services, Action<SchemaStreamSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SchemaStreamSettings>().Configure(configure);
        return Add(services, section: null);
    }

    private static SchemaStreamBuilder Add(IServiceCollection services, IConfiguration? section)
    {
        services.AddOptions<SchemaStreamSettings>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SchemaStreamSettings>, SettingsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new SchemaStreamClient(
            provider.GetRequiredService<IOptions<SchemaStreamSettings>>().Value.ToOptions(),
            provider.GetService<ILoggerFactory>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartService>());
        return new SchemaStreamBuilder(services, section);
    }
}
