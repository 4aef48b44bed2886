using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Payments.Worker;
using SchemaStream.Hosting;
using Shop.Contracts;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory, // appsettings.json lies beside the program, wherever it is started from
});
builder.Services.AddOptions<PaymentSettings>().BindConfiguration("Payments");
builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
    .AddTopic(Topics.Orders, Topics.Events)
    .AddTopic(Topics.Payments, Topics.Events);
builder.Services.AddHostedService<PaymentLoop>();
return await builder.Build().RunToExitCodeAsync();
