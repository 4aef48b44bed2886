using Analytics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting;
using Shop.Contracts;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory, // appsettings.json lies beside the program, wherever it is started from
});
builder.Services.AddSingleton<Windows>();
builder.Services.AddSingleton(CountsDisplay.OfThisProcess());
builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
    .AddTopic(Topics.Visits, Topics.Events)
    .AddTopic(Topics.VisitsPerMinute, Topics.LatestPerKey)
    .AddProducer(Topics.VisitsPerMinute);
// They stop in the opposite order: the writer tells what the counter has counted to its end.
builder.Services.AddHostedService<CountsWriter>();
builder.Services.AddHostedService<VisitCounter>();
return await builder.Build().RunToExitCodeAsync();
