using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notifications.Worker;
using SchemaStream.Hosting;
using Shop.Contracts;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory, // appsettings.json lies beside the program, wherever it is started from
});
builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
    .AddTopic(Topics.Payments, Topics.Events)
    .AddTopic(Topics.Notifications, Topics.Events)
    .AddProducer(Topics.Notifications)
    .AddConsumer<PaymentHandler>(Topics.Payments, "notifications", consumer => consumer.ConfigureProcessing = processing =>
        processing with { Failure = processing.Failure with { RetryWhen = failure => failure is not NoSuchMailboxException } });

var host = builder.Build();
BackgroundService[] services = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
await host.RunAsync();
return services.Any(service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0; // .NET's host does not say so by itself
