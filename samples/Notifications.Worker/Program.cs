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
return await builder.Build().RunToExitCodeAsync();
