<?php
// A plug-in of ISPConfig, laid by autodiscover-panel: serves what ISPConfig has as mail domains and login names.

class autodiscover_plugin
{
    public $plugin_name = 'autodiscover_plugin';
    public $class_name = 'autodiscover_plugin';

    // Whether an update of ISPConfig enables it: where the server has mail.
    public function onInstall()
    {
        global $conf;
        return !empty($conf['services']['mail']);
    }

    public function onLoad()
    {
        global $app;
        foreach (array('mail_domain', 'mail_user') as $table) {
            foreach (array('insert', 'update', 'delete') as $change) {
                $app->plugins->registerEvent($table . '_' . $change, $this->plugin_name, 'sync');
            }
        }
    }

    public function sync($event, $data)
    {
        exec('@COMMAND@ 2>&1', $lines, $status);
        if ($status != 0) {
            error_log(implode("\n", $lines));
        }
    }
}
