/**
 * The API's paths and shapes. Made from openapi.json by `npm run build:openapi`; never edited by hand.
 */

export interface paths {
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API keys that have not been revoked, newest first */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Make an API key
         * @description Only for a signed-in person: a key cannot make keys.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apple/service-config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Limits, addresses and error numbers as Apple publishes them now, at most five minutes old (S4) */
        get: operations["getServiceConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Apps and books that are owned, one row per location, with counts */
        get: operations["listAssets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Use per app as CSV, in UTF-8 with a byte order mark */
        get: operations["exportAssets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One app or book at one location */
        get: operations["getAsset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets/{id}/asks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for an available app for a device or a person, or take that back; only then it takes a license */
        post: operations["askFor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets/{id}/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long the licenses of an asset last, with the days that this is taken from */
        get: operations["getForecast"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets/{id}/holders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who holds or waits for a license of this asset, since when and why */
        get: operations["listHolders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets/{id}/holders.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All holders and those who wait, as CSV in UTF-8 with a byte order mark */
        get: operations["exportHolders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets/{id}/installs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How an app stands on the devices under management, by serial number */
        get: operations["listAssetInstalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assets/{id}/installs/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many devices an app is on, is on its way to, was refused or failed on */
        get: operations["countAssetInstalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Assignments, of one asset or of one group */
        get: operations["listAssignments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assignments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One assignment */
        get: operations["getAssignment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assignments/{id}/rollout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a staged rollout, or go on with it; what was given stays */
        post: operations["changeRollout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what, newest first */
        get: operations["listAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the audit log was changed behind the server
         * @description Reads the whole log. Keep `head` elsewhere to notice entries that were cut off at the end.
         */
        get: operations["checkAuditChain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Devices by serial number; search by the start of the serial number, name or user */
        get: operations["listDevices"];
        put?: never;
        /** Add a device, or change the one with this serial number */
        post: operations["putDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One device with its groups and licenses */
        get: operations["getDevice"];
        put?: never;
        post?: never;
        /** Remove a device from the directory; licenses that we gave it come back */
        delete: operations["deleteDevice"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/enrollment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The enrollment of a device, or its last one, with its latest commands */
        get: operations["getDeviceEnrollment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/installs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the apps stand on a device: what waits for a license, is on its way, installed, refused or failed */
        get: operations["listDeviceInstalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/installs/{assetId}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every state that an app was in on a device, the latest first */
        get: operations["listInstallSteps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/installs/{assetId}/try-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try what failed or was refused again now, whatever its next moment */
        post: operations["tryInstallAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is meant for a device, by which rule, and what of it is excluded */
        get: operations["listDeviceTargets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/titles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Apps that are owned and run on a device, or those that do not and why */
        get: operations["listDeviceTitles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/why/{assetId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why an app is, or is not, on a device: from the rule to what the device says, and what to do now */
        get: operations["explainInstall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/double-spend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Licenses of which one would do, in pairs, with what to do about each */
        get: operations["listDoubleSpend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/double-spend/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many pairs of licenses there are of which one would do, by kind */
        get: operations["summarizeDoubleSpend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrollment-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Enrollment links, newest first, without their addresses */
        get: operations["listEnrollmentLinks"];
        put?: never;
        /**
         * Make an address at which devices get their enrollment profile
         * @description Whoever has the address can bring a device under management with it. It is shown this once. Refused as long as there is no push certificate.
         */
        post: operations["createEnrollmentLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrollment-links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an enrollment link; devices that enrolled with it stay */
        delete: operations["revokeEnrollmentLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrollments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Devices under management and those that left, newest first
         * @description With a search they are listed by serial number, and the newest of each device first.
         */
        get: operations["listEnrollments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrollments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One enrollment with its latest commands */
        get: operations["getEnrollment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrollments/{id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a device out of management, for good
         * @description Commands that wait are dropped, its certificate is revoked, and the device is told at its next contact that it is not managed any more: it then removes its profile and the apps that go with it. To be managed again it has to enroll again.
         */
        post: operations["removeFromManagement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrollments/{id}/wake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Wake a device now, so that it asks for what waits for it */
        post: operations["wakeDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Assets by the days that their licenses last, soonest first
         * @description As of the last look: at most a quarter of an hour ago where counts changed.
         */
        get: operations["listForecasts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/give-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop withholding licenses that were taken back although they are required */
        post: operations["giveAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Groups by name */
        get: operations["listGroups"];
        put?: never;
        /** Add a group of devices or of users */
        post: operations["createGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One group */
        get: operations["getGroup"];
        put?: never;
        post?: never;
        /** Delete a group that no assignment uses and that is in no other */
        delete: operations["deleteGroup"];
        options?: never;
        head?: never;
        /** Rename or describe a group, or change its rule */
        patch: operations["updateGroup"];
        trace?: never;
    };
    "/api/v1/groups/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add and remove members, by serial number, user name or group; all of it or nothing */
        post: operations["changeMembers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/preview-rule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many devices a rule finds now, and some of them; nothing is saved */
        post: operations["previewRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/icons/{country}/{adamId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The icon of a title, fetched from Apple once and served from here */
        get: operations["getIcon"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/idle-licenses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Licenses that nobody can use, as the last look at each app found them */
        get: operations["listIdleLicenses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/idle-licenses/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look for idle licenses now; without being asked they are looked for once a day */
        post: operations["lookForIdleLicenses"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/idle-licenses/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** By what devices count as unseen */
        get: operations["getIdleSettings"];
        /** Set by what devices count as unseen, and look anew */
        put: operations["putIdleSettings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/idle-licenses/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Idle licenses by reason, how many could come back, and as of when */
        get: operations["summarizeIdleLicenses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Past imports, newest first */
        get: operations["listImports"];
        put?: never;
        /** Import devices, users or groups from CSV (UTF-8, comma or semicolon, a header row) */
        post: operations["importCsv"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/install-failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What devices refuse and report, in plain words, with the numbers that Apple and Intune show for it */
        get: operations["listInstallFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interventions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Records of licenses taken back, freed and adopted, newest first */
        get: operations["listInterventions"];
        put?: never;
        /** What taking back, freeing or adopting licenses would do; changes nothing until it is applied */
        post: operations["createIntervention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interventions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One preview or record, with its progress */
        get: operations["getIntervention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interventions/{id}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do what was previewed; refused with `intervention.world_moved` and a new preview when it would differ */
        post: operations["applyIntervention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interventions/{id}/licenses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Each license that it is about, and what becomes or became of it */
        get: operations["listInterventionLicenses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interventions/{id}/licenses.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as CSV in UTF-8 with a byte order mark */
        get: operations["exportInterventionLicenses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interventions/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What undoing a record would do, within 30 days; changes nothing until it is applied
         * @description What was taken back or freed goes to exactly those holders again, as far as licenses are free, and is ours from then on. What no assignment requires is kept with its holder for 30 days.
         */
        post: operations["undoIntervention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every change of a license with its cause, newest first
         * @description Only what Apple did or refused is in it: a license that was reserved and given up before it was asked for never changed hands. Licenses that were held when a location was synced for the first time have no line.
         */
        get: operations["listLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as CSV in UTF-8 with a byte order mark */
        get: operations["exportLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/holders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who held a license at a moment: of one app, or which one device or user held
         * @description Worked out from the ledger and who holds a license now. What others do at Apple counts from the moment at which it was noticed; before the first sync of a location nothing is known.
         */
        get: operations["listHoldersAt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests to Apple and their outcome, newest first */
        get: operations["listOperations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of everything on one page */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What would change if these were all the assignments of an asset, or of several, or the members of a group; changes nothing */
        post: operations["createPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Save what was planned; refused with `plan.world_moved` and a new plan when it would differ */
        post: operations["applyPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody whom one kind of change of a plan concerns, worked out again as the world is now */
        get: operations["listPlanRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/push-certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Apple’s push certificates, the current one first */
        get: operations["listPushCertificates"];
        put?: never;
        /**
         * Take a push certificate into use, or renew the one with its topic
         * @description The certificate that Apple gave for the open signing request, as PEM; or one with its key, as PEM or PKCS #12. Another topic than the present one is refused unless it is said explicitly.
         */
        post: operations["uploadPushCertificate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/push-signing-request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signing request whose certificate is not back yet */
        get: operations["readPushSigningRequest"];
        put?: never;
        /** Make a key and the signing request for it; the key stays here, sealed */
        post: operations["makePushSigningRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/push-signing-request/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The open signing request as a file */
        get: operations["downloadPushSigningRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["readSession"];
        put?: never;
        /**
         * Sign in
         * @description Sets the session cookie.
         */
        post: operations["signIn"];
        /** Sign out */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/administrator": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change what the signed-in administrator prefers */
        patch: operations["changeAdministrator"];
        trace?: never;
    };
    "/api/v1/settings/declarative-apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether apps come by declarations where the device can do that */
        get: operations["getDeclarativeApps"];
        /**
         * Have apps come by declarations where the device can do that, or by commands only
         * @description What is on a device, or on its way, stays on the way by which it came.
         */
        put: operations["putDeclarativeApps"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the first administrator has still to be made */
        get: operations["readSetup"];
        put?: never;
        /** Make the first administrator and sign in */
        post: operations["setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shopping-list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Licenses to buy so that nobody waits within the horizon, location by location
         * @description Most needed first within a location, since one buys at Apple for one location at a time.
         */
        get: operations["listShoppingList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shopping-list.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The shopping list as CSV, in UTF-8 with a byte order mark */
        get: operations["exportShoppingList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{id}/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a sync found that we did not know: licenses that turned up or vanished, one by one */
        get: operations["listSyncFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/title-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed in the store and in the licenses of titles, newest first */
        get: operations["listTitleChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/titles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Apps and books, each once, with the sums over the pools of all locations */
        get: operations["listTitles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/titles.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Use per title as CSV, in UTF-8 with a byte order mark */
        get: operations["exportTitles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/titles/{adamId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One title with its pools, by the name of the content token */
        get: operations["getTitle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Content tokens with their state, sync and counts */
        get: operations["listTokens"];
        put?: never;
        /** Add a content token: claim its location at Apple and start the first sync */
        post: operations["addToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One content token */
        get: operations["getToken"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the name, the account, the store, automatic updates or the sync interval
         * @description With another country, names, icons and store links change at the next sync, which is asked for; titles that are not sold there stay as they are (T7).
         */
        patch: operations["updateToken"];
        trace?: never;
    };
    "/api/v1/tokens/{id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the location over (again) from another device-management service (T4) */
        post: operations["claimToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Renew a content token in place; the new file must open the same location (T5) */
        put: operations["renewToken"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}/country-change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What another country of the store would change (T7) */
        get: operations["previewCountryChange"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}/deletion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What deleting a content token would do, how far it is, or how it ended (T6) */
        get: operations["getTokenDeletion"];
        put?: never;
        /**
         * Delete a content token: licenses come back or are left, the claim at Apple is released
         * @description Begins the deletion and answers at once. While licenses come back it can be called off, or asked again with `leave`.
         */
        post: operations["startTokenDeletion"];
        /** Call a deletion off while licenses come back */
        delete: operations["cancelTokenDeletion"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}/syncs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sync history, newest first */
        get: operations["listSyncs"];
        put?: never;
        /** Sync now; one that waits or runs already is returned instead of a second */
        post: operations["startSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/inspections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read a content token and ask Apple about its location, without storing anything */
        post: operations["inspectToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users by user name; search by the start of the user name or name */
        get: operations["listUsers"];
        put?: never;
        /** Add a user, or change the one with this user name */
        post: operations["putUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One user, with how far the person is at each location where Apple knows the person or is to */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /** Remove a user from the directory; licenses that we gave the person follow the assignments */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/joins/{tokenId}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The address at which the person joins. Whoever has it can join in the person’s place; asking is recorded */
        post: operations["showInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/joins/{tokenId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try again to register somebody whom Apple refused */
        post: operations["retryRegistration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Administrator: {
            email: string;
            /** Format: uuid */
            id: string;
            /**
             * @description The language of the console
             * @enum {string}
             */
            language: "en" | "nl";
            name: string;
        };
        ApiKey: {
            /** Format: date-time */
            createdAt: string;
            createdBy: {
                /** Format: uuid */
                id: string;
                name: string;
            };
            expiresAt: string | null;
            /** Format: uuid */
            id: string;
            /** @description To the minute */
            lastUsedAt: string | null;
            name: string;
        };
        AuditEntry: {
            /** @description For example token.uploaded */
            action: string;
            actor: {
                id: string | null;
                /** @enum {string} */
                kind: "administrator" | "api_key" | "system" | "command_line";
                name: string;
            };
            /** Format: date-time */
            at: string;
            details: {
                [key: string]: unknown;
            };
            /** @description Grows with time; gaps mean nothing */
            seq: number;
            subject: {
                id: string | null;
                kind: string;
                name: string | null;
            };
        };
        DeclarativeApps: {
            /** @description Devices report by themselves how their apps stand (iOS 16), and apps that are required and are to go when management ends come by declaration (iOS 17.2, with a configuration 18.4): their people cannot delete them. Holds for what begins from then on; off unless switched on */
            enabled: boolean;
        };
        DeclarativeAppsInput: {
            /** @description Devices report by themselves how their apps stand (iOS 16), and apps that are required and are to go when management ends come by declaration (iOS 17.2, with a configuration 18.4): their people cannot delete them. Holds for what begins from then on; off unless switched on */
            enabled: boolean;
        };
        DeviceCommand: {
            answeredAt: string | null;
            deliveries: number;
            /** @description As the device tells it, outermost first */
            errors: {
                code: number;
                domain: string;
                text: string;
            }[];
            /** Format: uuid */
            id: string;
            purpose: string;
            /** Format: date-time */
            queuedAt: string;
            /** @description As Apple names it */
            requestType: string;
            /** @description The last time */
            sentAt: string | null;
            /**
             * @description `not_now`: put off by the device; `void`: the device enrolled again or left before it answered
             * @enum {string}
             */
            state: "queued" | "sent" | "not_now" | "done" | "failed" | "malformed" | "void";
        };
        Enrollment: {
            /** Format: date-time */
            authenticatedAt: string;
            /**
             * @description By which the device is reached
             * @enum {string}
             */
            channel: "mdm" | "nanomdm";
            /** @description Null until the device has told its serial number, and when it was removed from the directory */
            device: {
                id: number;
                name: string;
                serialNumber: string;
            } | null;
            enrolledAt: string | null;
            id: number;
            /** @description UDID, or the EnrollmentID of a User Enrollment */
            identifier: string;
            /** @description The certificate by which the device is known; null once it left, and for one of another server */
            identity: {
                /** Format: date-time */
                notAfter: string;
                serialNumber: string;
            } | null;
            /** @enum {string} */
            kind: "device" | "user";
            /**
             * Format: date-time
             * @description Up to five minutes behind
             */
            lastSeenAt: string;
            leftAt: string | null;
            leftCause: ("checked_out" | "enrolled_again" | "removed_by_administrator" | "identity_revoked") | null;
            /** @enum {string} */
            ownership: "personal" | "corporate";
            /** @description Since then Apple cannot reach it: it has to come by itself */
            pushLostAt: string | null;
            /**
             * @description Begun and not complete; under management; not any more
             * @enum {string}
             */
            state: "authenticated" | "enrolled" | "left";
            user: {
                id: number;
                name: string;
                userName: string;
            } | null;
            /** @description Commands that the device has not answered */
            waiting: number;
            /** @description When it is woken next; null when there is nothing to wake it for */
            wakeAt: string | null;
            wokenAt: string | null;
        };
        EnrollmentLink: {
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            /** Format: date-time */
            expiresAt: string;
            /** Format: uuid */
            id: string;
            mostUses: number;
            /**
             * @description Whose the device is. A personal one counts as asking its person first, and rules of groups can go by it
             * @enum {string}
             */
            ownership: "personal" | "corporate";
            revokedAt: string | null;
            /** @description For this device alone */
            serialNumber: string | null;
            /** @enum {string} */
            state: "open" | "used" | "expired" | "revoked";
            /** @description Who gets the devices */
            user: {
                id: number;
                name: string;
                userName: string;
            } | null;
            /** @description Devices that got an identity through it */
            uses: number;
        };
        IdleSettings: {
            /** @description After so many days without a sign a device counts as unseen; 90 unless changed */
            unseenDays: number;
        };
        IdleSettingsInput: {
            /** @description After so many days without a sign a device counts as unseen; 90 unless changed */
            unseenDays: number;
        };
        IdleSummary: {
            /** @description The ten with the most that can come back */
            apps: {
                asset: {
                    id: number;
                    name: string;
                };
                /** @description Of licenses: Apple takes them back */
                canComeBack: number;
                licenses: number;
                /** @description Of licenses: held outside Apportion */
                outside: number;
                tokenName: string;
            }[];
            /** @description The oldest of the looks that this adds up; null before the first */
            asOf: string | null;
            /** @description Of licenses: Apple takes them back */
            canComeBack: number;
            licenses: number;
            /** @description Some app is being looked at */
            looking: boolean;
            /** @description Of licenses: held outside Apportion */
            outside: number;
            /** @description Every reason, some with nothing */
            reasons: {
                /** @description Of licenses: Apple takes them back */
                canComeBack: number;
                licenses: number;
                /** @description Of licenses: held outside Apportion */
                outside: number;
                /**
                 * @description serial_unknown, user_unknown: the directory does not have the holder. user_left: the person, or the person whose device it is, has left. device_unseen: the device was not seen for as long as the setting says. not_assigned: nobody needs it, and a policy keeps it for a while. outside_and_unknown: held outside by a holder whom nobody knows
                 * @enum {string}
                 */
                reason: "serial_unknown" | "user_unknown" | "user_left" | "device_unseen" | "not_assigned" | "outside_and_unknown";
            }[];
            /** @description After so many days without a sign a device counts as unseen */
            unseenDays: number;
        };
        Intervention: {
            appliedAt: string | null;
            appliedBy: string | null;
            /** @description Apps whose licenses were asked for, of appsTotal */
            appsDone: number;
            appsTotal: number;
            /** @description What became of it so far; empty for a preview */
            counts: {
                count: number;
                /** @enum {string} */
                outcome: "asked" | "taken" | "refused" | "kept" | "adopted" | "withheld" | "skipped" | "giving" | "given" | "not_given" | "queued";
                reason: ("withheld" | "comes_back" | "still_required" | "held_outside" | "not_revocable" | "already_returning" | "not_assigned" | "required_again" | "token_deleted" | "undone" | "none_free" | "held_again" | "on_its_way_back" | "waits_already" | "withheld_again" | "not_offered") | null;
                /** @description One sentence */
                text: string;
            }[];
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            /**
             * Format: date-time
             * @description Until when a preview can be applied
             */
            expiresAt: string;
            finishedAt: string | null;
            /** Format: uuid */
            id: string;
            includeOutside: boolean;
            /** @enum {string} */
            kind: "take_back" | "free" | "adopt" | "undo";
            /** @description As it was previewed */
            preview: {
                apps: number;
                /** @description Of licenses: adopted, then taken back since nothing requires them */
                comeBack: number;
                /** @description Asked back from Apple, adopted, or given to their holders again */
                licenses: number;
                locations: number;
                /** @description Undoing: who is withheld no longer, and waits in the queue in the old place */
                queued: number;
                /** @description Requests to Apple that this takes at least */
                requests: number;
                skipped: {
                    count: number;
                    /** @enum {string} */
                    outcome: "asked" | "taken" | "refused" | "kept" | "adopted" | "withheld" | "skipped" | "giving" | "given" | "not_given" | "queued";
                    reason: ("withheld" | "comes_back" | "still_required" | "held_outside" | "not_revocable" | "already_returning" | "not_assigned" | "required_again" | "token_deleted" | "undone" | "none_free" | "held_again" | "on_its_way_back" | "waits_already" | "withheld_again" | "not_offered") | null;
                    /** @description One sentence */
                    text: string;
                }[];
                /** @description Of what comes free, what goes to devices that wait */
                toQueue: number;
                /** @description Devices that wait, and are withheld too */
                waitingWithheld: number;
                /** @description Of licenses: still required, and withheld until given again */
                withheld: number;
            };
            /** @enum {string} */
            required: "leave" | "withhold";
            /** @description What is null does not narrow it; all null is everything */
            scope: {
                asset: {
                    id: number;
                    name: string;
                } | null;
                holder: {
                    id: string;
                    /** @enum {string} */
                    kind: "device" | "user";
                    name: string | null;
                } | null;
                /** @description Only what is idle for one of these reasons (L11) */
                idle: ("serial_unknown" | "user_unknown" | "user_left" | "device_unseen" | "not_assigned" | "outside_and_unknown")[] | null;
                token: {
                    id: number;
                    name: string;
                } | null;
                user: {
                    id: number;
                    name: string;
                } | null;
            };
            /**
             * @description preview: nothing was done yet
             * @enum {string}
             */
            state: "preview" | "running" | "done";
            /** @enum {string} */
            unassigned: "leave" | "take_back";
            /** @description The record that this undoes */
            undoes: string | null;
            /** @description The last record that undoes this one */
            undoneBy: string | null;
            /** @description Until when it can be undone; null when it cannot at all */
            undoUntil: string | null;
            /** @description Devices that it withholds an app from still */
            withheldNow: number;
        };
        Problem: {
            /** @description Stable code to compare with, for example token.expired */
            code: string;
            /** @description What went wrong this time, for a person, with what to do */
            detail: string;
            /** @description With request.invalid: each value that is not right */
            errors?: {
                message: string;
                path: string;
            }[];
            /** @description Values to act on; they depend on the code */
            facts?: {
                [key: string]: unknown;
            };
            /** @description The id under which the server logged this request */
            requestId: string;
            /** @description The HTTP status */
            status: number;
            /** @description What went wrong in general; the same for every problem of this code */
            title: string;
            /** @description urn:apportion:problem: followed by the code */
            type: string;
        };
        PushCertificate: {
            /** @description 0 and less once it has ended */
            daysLeft: number;
            /** @description Devices that can be woken with it alone */
            enrollments: number;
            /** Format: date-time */
            expiresAt: string;
            /** @description The one that devices which enroll now get */
            isCurrent: boolean;
            /** @description When Apple refused it; nothing is pushed until it is replaced */
            refusedAt: string | null;
            refusedReason: string | null;
            /** @description A notice from 30 days before the end, a warning from 14, critical from 7 */
            severity: ("notice" | "warning" | "critical") | null;
            /** @enum {string} */
            state: "good" | "expiring" | "expired" | "refused";
            /** @description Which devices know it by; never changes for a device */
            topic: string;
            /** Format: date-time */
            uploadedAt: string;
            /** Format: date-time */
            validFrom: string;
        };
        PushSigningRequest: {
            /** @description A sentence for a person: what to do with it */
            advice: string;
            /** Format: date-time */
            createdAt: string;
            /** @description PEM */
            request: string;
        };
        Session: {
            administrator: components["schemas"]["Administrator"];
            /** @description To be sent as x-csrf-token with every request that changes something */
            csrfToken: string;
            /**
             * Format: date-time
             * @description When the session ends unless it is used before
             */
            expiresAt: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default null */
                    expiresAt?: string | null;
                    name: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        apiKey: components["schemas"]["ApiKey"];
                        /** @description Shown this once */
                        key: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getServiceConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        errors: {
                            message: string;
                            number: number;
                        }[];
                        /** @description Apple could not be asked for newer ones */
                        isStale: boolean;
                        /** @description Pages that are read at the same time */
                        lanes: number;
                        limits: {
                            name: string;
                            value: number;
                        }[];
                        notificationTypes: string[];
                        /** Format: date-time */
                        readAt: string;
                        urls: {
                            name: string;
                            url: string;
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAssets: {
        parameters: {
            query?: {
                /** @description Only the pools of this title */
                adamId?: string;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                kind?: "app" | "mac_app" | "book";
                /** @description Rows on a page */
                limit?: number;
                platform?: "iOS" | "iPadOS" | "macOS" | "tvOS" | "watchOS" | "visionOS";
                /** @description Part of the name, publisher, bundle id or adamId */
                q?: string;
                show?: "all" | "waiting" | "shortage" | "unused" | "not_licensed" | "not_in_store" | "not_device_assignable" | "changed";
                sort?: "name" | "available" | "used" | "waiting" | "token";
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            adamId: string;
                            /** @description Assignments of this asset */
                            assignments: number;
                            /** Format: date-time */
                            countedAt: string;
                            counts: {
                                available: number | null;
                                /** @description Of used: asked of Apple, not yet confirmed */
                                granting: number;
                                /** @description Of used: not given by us, never released by us */
                                heldOutside: number;
                                retired: number;
                                total: number | null;
                                /** @description S7: then total and available are null */
                                unlimited: boolean;
                                used: number;
                                /** @description Required targets without a license */
                                waiting: number;
                                /** @description Required targets from which it was taken back; not waiting */
                                withheld: number;
                            };
                            deviceAssignable: boolean;
                            /** @description Since when Apple no longer lists it */
                            goneAt: string | null;
                            id: number;
                            /** @description C4: what was noticed, the gravest first */
                            notices: {
                                /** @enum {string} */
                                code: "not_licensed" | "not_in_store" | "not_device_assignable" | "changed";
                                /** Format: date-time */
                                since: string;
                            }[];
                            /** @description C2: by the license service or the store */
                            platforms: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "watchOS" | "visionOS")[];
                            pricingParam: string;
                            revocable: boolean;
                            title: {
                                bundleId: string | null;
                                description: string | null;
                                genres: string[];
                                /** @description Served by this server */
                                iconUrl: string | null;
                                isCustom: boolean;
                                /** @enum {string} */
                                kind: "app" | "mac_app" | "book";
                                minimumOs: string | null;
                                /** @description Apple's name; the adamId while it is not known */
                                name: string;
                                nameKnown: boolean;
                                priceText: string | null;
                                publisher: string | null;
                                storeUrl: string | null;
                                version: string | null;
                            };
                            token: {
                                /** @description When counts and holders of the location were last known to agree with Apple */
                                exactAsOf: string | null;
                                id: number;
                                name: string;
                            };
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAssets: {
        parameters: {
            query?: {
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Comma-separated, with a header row */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        adamId: string;
                        /** @description Assignments of this asset */
                        assignments: number;
                        /** Format: date-time */
                        countedAt: string;
                        counts: {
                            available: number | null;
                            /** @description Of used: asked of Apple, not yet confirmed */
                            granting: number;
                            /** @description Of used: not given by us, never released by us */
                            heldOutside: number;
                            retired: number;
                            total: number | null;
                            /** @description S7: then total and available are null */
                            unlimited: boolean;
                            used: number;
                            /** @description Required targets without a license */
                            waiting: number;
                            /** @description Required targets from which it was taken back; not waiting */
                            withheld: number;
                        };
                        deviceAssignable: boolean;
                        /** @description Since when Apple no longer lists it */
                        goneAt: string | null;
                        id: number;
                        /** @description C4: what was noticed, the gravest first */
                        notices: {
                            /** @enum {string} */
                            code: "not_licensed" | "not_in_store" | "not_device_assignable" | "changed";
                            /** Format: date-time */
                            since: string;
                        }[];
                        /** @description C2: by the license service or the store */
                        platforms: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "watchOS" | "visionOS")[];
                        pricingParam: string;
                        revocable: boolean;
                        title: {
                            bundleId: string | null;
                            description: string | null;
                            genres: string[];
                            /** @description Served by this server */
                            iconUrl: string | null;
                            isCustom: boolean;
                            /** @enum {string} */
                            kind: "app" | "mac_app" | "book";
                            minimumOs: string | null;
                            /** @description Apple's name; the adamId while it is not known */
                            name: string;
                            nameKnown: boolean;
                            priceText: string | null;
                            publisher: string | null;
                            storeUrl: string | null;
                            version: string | null;
                        };
                        token: {
                            /** @description When counts and holders of the location were last known to agree with Apple */
                            exactAsOf: string | null;
                            id: number;
                            name: string;
                        };
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askFor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @default ask
                     * @enum {string}
                     */
                    do?: "ask" | "take_back";
                    serialNumber?: string;
                    /** @description For books, and for user licenses */
                    userName?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Place among those who wait, from 1 */
                        place: number | null;
                        /** @enum {string} */
                        state: "held" | "granting" | "releasing" | "waiting" | "none";
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getForecast: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        asOf: string;
                        assetId: number;
                        /** @description Null when nothing can run out: unlimited, or no longer listed by Apple */
                        forecast: {
                            /** @description Days that are left out, since they look like a rollout that happened once */
                            burst: {
                                /** Format: date */
                                from: string;
                                licenses: number;
                                /** Format: date */
                                to: string;
                            } | null;
                            /** @description Licenses that moved on those days */
                            changes: number;
                            /**
                             * @description Little: fewer than 14 days or than 10 changes
                             * @enum {string}
                             */
                            confidence: "enough_history" | "little_history";
                            /** @description Days from `asOf` until somebody gets none. Null: not within a year; earliest and latest are null with little history too */
                            daysLeft: {
                                earliest: number | null;
                                expected: number | null;
                                latest: number | null;
                            };
                            free: number;
                            /** @description Complete days that count */
                            historyDays: number;
                            needs: {
                                /** @description Enough in nine of ten; null with little history */
                                cautious: number | null;
                                /** @description Enough in half of all courses */
                                expected: number;
                                /** @description Days */
                                horizon: number;
                            }[];
                            /** @description Licenses that will be used or waited for at the end of each of the next 90 days */
                            outlook: {
                                /** Format: date */
                                day: string;
                                expected: number;
                                high: number | null;
                                low: number | null;
                            }[];
                            planned: {
                                assignmentId: number;
                                /** Format: date-time */
                                at: string;
                                groupName: string;
                                licenses: number;
                                percent: number;
                            }[];
                            /** @description The expected day */
                            runsOutOn: string | null;
                            /** @enum {string} */
                            state: "short_now" | "runs_out" | "lasts" | "never";
                            /** @description One or two sentences */
                            text: string;
                            /** @description Net, on average; null without a complete day */
                            usePerDay: number | null;
                            waiting: number;
                        } | null;
                        /** @description The last 90 days, oldest first, and today */
                        history: {
                            /** Format: date */
                            day: string;
                            granted: number;
                            released: number;
                            /** @description At the end of the day */
                            used: number;
                        }[];
                        /** @description Without those of retired users; null when unlimited */
                        owned: number | null;
                        used: number;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHolders: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                /** @description Start of the serial number */
                q?: string;
                state?: "all" | "held" | "outside" | "granting" | "releasing" | "waiting" | "withheld";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Null when the device is not in the directory */
                            deviceId: number | null;
                            deviceName: string | null;
                            /** @description A serial number, or the clientUserId of a user at Apple */
                            id: string;
                            /** @description Nobody needs it any more, and a policy or an undo keeps it (L7) */
                            kept: {
                                /** @description Null: until somebody takes it back */
                                until: string | null;
                            } | null;
                            /** @enum {string} */
                            kind: "device" | "user";
                            /** @description False: held outside Apportion */
                            ours: boolean;
                            /** @description Place in the waiting list, from 1 */
                            position: number | null;
                            /** @description Of one who waits: higher is served first, then older */
                            priority: number | null;
                            /** Format: date-time */
                            since: string;
                            /** @enum {string} */
                            state: "held" | "granting" | "releasing" | "waiting" | "refused" | "withheld";
                            userName: string | null;
                            why: {
                                assignmentId: number | null;
                                /** @description taken_back: who did it */
                                by: string | null;
                                /** @enum {string} */
                                code: "assignment" | "outside" | "no_longer_assigned" | "no_license_left" | "apple_refused" | "taken_back" | "kept" | "waiting_to_join";
                                errorNumber: number | null;
                                groupName: string | null;
                                /** @description taken_back: the record of it */
                                interventionId: string | null;
                                /** @description One sentence */
                                text: string;
                            };
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportHolders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Comma-separated, with a header row */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAssetInstalls: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                /** @description Part of a name or the beginning of a serial number */
                q?: string;
                state?: "licensed" | "commanded" | "prompting" | "installing" | "installed" | "refused" | "failed" | "cannot_install" | "removing" | "removed" | "released";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            cause: {
                                /** @enum {string} */
                                code: "license_confirmed" | "queued" | "asked_to_agree" | "asked_to_sign_in" | "asked_to_hand_over" | "accepted" | "downloading" | "verified" | "not_finished" | "prompt_ignored" | "silent" | "removed_by_person" | "removal_queued" | "gone" | "was_not_managed" | "code_returned" | "license_back" | "license_lost" | "not_wanted" | "management_ended" | "license_not_found" | "rejected_by_person" | "takeover_rejected" | "unmanaged_copy" | "sign_in_required" | "store_disabled" | "installs_disabled" | "locked_to_one_app" | "unknown_to_store" | "cannot_be_purchased" | "needs_redemption_code" | "not_an_app" | "system_app" | "not_supported" | "right_missing" | "command_malformed" | "download_failed" | "device_fault" | "device_failed" | "other";
                                /** @description The device's error chain, outermost first */
                                errors: {
                                    code: number;
                                    domain: string;
                                    text: string;
                                }[];
                                /** @description What Intune shows for the same, as 0x87D13B95 */
                                intuneNumber: string | null;
                                /** @description The same in one sentence */
                                text: string;
                                /** @description The device's own word, as Apple's protocol has it */
                                word: string | null;
                            };
                            deviceId: number;
                            deviceName: string;
                            nextAt: string | null;
                            serialNumber: string;
                            /** Format: date-time */
                            since: string;
                            /** @enum {string} */
                            state: "licensed" | "commanded" | "prompting" | "installing" | "installed" | "refused" | "failed" | "cannot_install" | "removing" | "removed" | "released";
                            userName: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countAssetInstalls: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Devices under management that the app is meant for */
                        managedDevices: number;
                        states: {
                            devices: number;
                            /** @enum {string} */
                            state: "licensed" | "commanded" | "prompting" | "installing" | "installed" | "refused" | "failed" | "cannot_install" | "removing" | "removed" | "released";
                        }[];
                        waitingForLicense: number;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAssignments: {
        parameters: {
            query?: {
                assetId?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                groupId?: number;
                /** @description Rows on a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            assetId: number;
                            assetName: string;
                            /** Format: date-time */
                            createdAt: string;
                            createdBy: string;
                            group: {
                                id: number;
                                /** @enum {string} */
                                kind: "device" | "user";
                                name: string;
                            };
                            id: number;
                            /** @description Null for an exclusion */
                            intent: ("required" | "available" | "uninstall") | null;
                            /** @enum {string} */
                            licenseType: "device" | "user";
                            /** @enum {string} */
                            mode: "include" | "exclude";
                            /** @enum {string} */
                            pools: "own" | "country" | "most_free";
                            priority: number;
                            quota: number | null;
                            /** @description What becomes of a license that nobody needs any more, by unassigned, uninstall, device_left, user_left, app_removed; the default frees it at once. app_removed: the person deleted an app that was asked for, on a device under management; the default keeps the license */
                            reclaim: {
                                app_removed?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                device_left?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                unassigned?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                uninstall?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                user_left?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                            };
                            reserve: number | null;
                            /** @description Null: for everybody at once */
                            rollout: {
                                nextAt: string | null;
                                /** @description Share of devices in force now */
                                percent: number;
                                stopAtPercent: number | null;
                                stoppedAt: string | null;
                                /** @description The same by a stable code */
                                stoppedCode: ({
                                    /** @enum {string} */
                                    code: "failures";
                                    failed: number;
                                    /** @description Of those tried; stops at this share of failures */
                                    percent: number;
                                    tried: number;
                                } | {
                                    by: string;
                                    /** @enum {string} */
                                    code: "by_hand";
                                } | {
                                    /** @enum {string} */
                                    code: "other";
                                    text: string;
                                }) | null;
                                /** @description In English */
                                stoppedWhy: string | null;
                                waves: {
                                    /** @description Null: at once; only for the first */
                                    at: string | null;
                                    percent: number;
                                }[];
                            } | null;
                            settings: {
                                /**
                                 * @description `token`: as the content token says
                                 * @enum {string}
                                 */
                                automaticUpdates?: "token" | "on" | "off";
                                configuration?: {
                                    [key: string]: unknown;
                                } | null;
                                preventBackup?: boolean;
                                removable?: boolean;
                                removeWhenManagementEnds?: boolean;
                                vpnId?: string | null;
                            };
                            tokenName: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAssignment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        assetId: number;
                        assetName: string;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: string;
                        group: {
                            id: number;
                            /** @enum {string} */
                            kind: "device" | "user";
                            name: string;
                        };
                        id: number;
                        /** @description Null for an exclusion */
                        intent: ("required" | "available" | "uninstall") | null;
                        /** @enum {string} */
                        licenseType: "device" | "user";
                        /** @enum {string} */
                        mode: "include" | "exclude";
                        /** @enum {string} */
                        pools: "own" | "country" | "most_free";
                        priority: number;
                        quota: number | null;
                        /** @description What becomes of a license that nobody needs any more, by unassigned, uninstall, device_left, user_left, app_removed; the default frees it at once. app_removed: the person deleted an app that was asked for, on a device under management; the default keeps the license */
                        reclaim: {
                            app_removed?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            device_left?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            unassigned?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            uninstall?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            user_left?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                        };
                        reserve: number | null;
                        /** @description Null: for everybody at once */
                        rollout: {
                            nextAt: string | null;
                            /** @description Share of devices in force now */
                            percent: number;
                            stopAtPercent: number | null;
                            stoppedAt: string | null;
                            /** @description The same by a stable code */
                            stoppedCode: ({
                                /** @enum {string} */
                                code: "failures";
                                failed: number;
                                /** @description Of those tried; stops at this share of failures */
                                percent: number;
                                tried: number;
                            } | {
                                by: string;
                                /** @enum {string} */
                                code: "by_hand";
                            } | {
                                /** @enum {string} */
                                code: "other";
                                text: string;
                            }) | null;
                            /** @description In English */
                            stoppedWhy: string | null;
                            waves: {
                                /** @description Null: at once; only for the first */
                                at: string | null;
                                percent: number;
                            }[];
                        } | null;
                        settings: {
                            /**
                             * @description `token`: as the content token says
                             * @enum {string}
                             */
                            automaticUpdates?: "token" | "on" | "off";
                            configuration?: {
                                [key: string]: unknown;
                            } | null;
                            preventBackup?: boolean;
                            removable?: boolean;
                            removeWhenManagementEnds?: boolean;
                            vpnId?: string | null;
                        };
                        tokenName: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeRollout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    do: "stop" | "go_on";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        assetId: number;
                        assetName: string;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: string;
                        group: {
                            id: number;
                            /** @enum {string} */
                            kind: "device" | "user";
                            name: string;
                        };
                        id: number;
                        /** @description Null for an exclusion */
                        intent: ("required" | "available" | "uninstall") | null;
                        /** @enum {string} */
                        licenseType: "device" | "user";
                        /** @enum {string} */
                        mode: "include" | "exclude";
                        /** @enum {string} */
                        pools: "own" | "country" | "most_free";
                        priority: number;
                        quota: number | null;
                        /** @description What becomes of a license that nobody needs any more, by unassigned, uninstall, device_left, user_left, app_removed; the default frees it at once. app_removed: the person deleted an app that was asked for, on a device under management; the default keeps the license */
                        reclaim: {
                            app_removed?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            device_left?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            unassigned?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            uninstall?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            user_left?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                        };
                        reserve: number | null;
                        /** @description Null: for everybody at once */
                        rollout: {
                            nextAt: string | null;
                            /** @description Share of devices in force now */
                            percent: number;
                            stopAtPercent: number | null;
                            stoppedAt: string | null;
                            /** @description The same by a stable code */
                            stoppedCode: ({
                                /** @enum {string} */
                                code: "failures";
                                failed: number;
                                /** @description Of those tried; stops at this share of failures */
                                percent: number;
                                tried: number;
                            } | {
                                by: string;
                                /** @enum {string} */
                                code: "by_hand";
                            } | {
                                /** @enum {string} */
                                code: "other";
                                text: string;
                            }) | null;
                            /** @description In English */
                            stoppedWhy: string | null;
                            waves: {
                                /** @description Null: at once; only for the first */
                                at: string | null;
                                percent: number;
                            }[];
                        } | null;
                        settings: {
                            /**
                             * @description `token`: as the content token says
                             * @enum {string}
                             */
                            automaticUpdates?: "token" | "on" | "off";
                            configuration?: {
                                [key: string]: unknown;
                            } | null;
                            preventBackup?: boolean;
                            removable?: boolean;
                            removeWhenManagementEnds?: boolean;
                            vpnId?: string | null;
                        };
                        tokenName: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditEntries: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                /** @description A kind of thing, or one thing: token, token:12 */
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkAuditChain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The first entry that does not follow from the one before; null when all do */
                        brokenAt: number | null;
                        /** @description Entries that follow from each other */
                        entries: number;
                        /** @description Hash of the last entry that follows, as hexadecimal */
                        head: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDevices: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description With `groupId`: without those in the groups in it */
                direct?: string;
                /** @description Those in this group and in the groups in it */
                groupId?: number;
                /** @description Rows on a page */
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description ISO 3166-1, two letters */
                            country: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /**
                             * @description As a device, by its user (which hides the serial number), or Shared iPad
                             * @enum {string}
                             */
                            enrollmentType: "device" | "user" | "shared";
                            id: number;
                            kiosk: boolean;
                            lastSeenAt: string | null;
                            model: string | null;
                            name: string;
                            osVersion: string | null;
                            /** @enum {string} */
                            ownership: "corporate" | "personal";
                            platform: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "visionOS" | "watchOS") | null;
                            serialNumber: string;
                            site: string | null;
                            supervised: boolean;
                            tags: string[];
                            /** Format: date-time */
                            updatedAt: string;
                            user: {
                                id: number;
                                name: string;
                                userName: string;
                            } | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putDevice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    country?: string | null;
                    /** @enum {string} */
                    enrollmentType?: "device" | "user" | "shared";
                    kiosk?: boolean;
                    lastSeenAt?: string | null;
                    model?: string | null;
                    name?: string;
                    osVersion?: string | null;
                    /** @enum {string} */
                    ownership?: "corporate" | "personal";
                    platform?: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "visionOS" | "watchOS") | null;
                    serialNumber: string;
                    site?: string | null;
                    supervised?: boolean;
                    /** @description Replaces all tags; upper and lower case count as the same */
                    tags?: string[];
                    /** @description A user of the directory, or null */
                    userName?: string | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description ISO 3166-1, two letters */
                        country: string | null;
                        /** Format: date-time */
                        createdAt: string;
                        /**
                         * @description As a device, by its user (which hides the serial number), or Shared iPad
                         * @enum {string}
                         */
                        enrollmentType: "device" | "user" | "shared";
                        id: number;
                        kiosk: boolean;
                        lastSeenAt: string | null;
                        model: string | null;
                        name: string;
                        osVersion: string | null;
                        /** @enum {string} */
                        ownership: "corporate" | "personal";
                        platform: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "visionOS" | "watchOS") | null;
                        serialNumber: string;
                        site: string | null;
                        supervised: boolean;
                        tags: string[];
                        /** Format: date-time */
                        updatedAt: string;
                        user: {
                            id: number;
                            name: string;
                            userName: string;
                        } | null;
                    };
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description ISO 3166-1, two letters */
                        country: string | null;
                        /** Format: date-time */
                        createdAt: string;
                        /**
                         * @description As a device, by its user (which hides the serial number), or Shared iPad
                         * @enum {string}
                         */
                        enrollmentType: "device" | "user" | "shared";
                        id: number;
                        kiosk: boolean;
                        lastSeenAt: string | null;
                        model: string | null;
                        name: string;
                        osVersion: string | null;
                        /** @enum {string} */
                        ownership: "corporate" | "personal";
                        platform: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "visionOS" | "watchOS") | null;
                        serialNumber: string;
                        site: string | null;
                        supervised: boolean;
                        tags: string[];
                        /** Format: date-time */
                        updatedAt: string;
                        user: {
                            id: number;
                            name: string;
                            userName: string;
                        } | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description ISO 3166-1, two letters */
                        country: string | null;
                        /** Format: date-time */
                        createdAt: string;
                        /**
                         * @description As a device, by its user (which hides the serial number), or Shared iPad
                         * @enum {string}
                         */
                        enrollmentType: "device" | "user" | "shared";
                        groups: {
                            id: number;
                            name: string;
                        }[];
                        id: number;
                        kiosk: boolean;
                        lastSeenAt: string | null;
                        licenses: {
                            assetId: number;
                            iconUrl: string | null;
                            name: string;
                            ours: boolean;
                            /** Format: date-time */
                            since: string;
                            /** @enum {string} */
                            state: "held" | "granting" | "releasing" | "waiting" | "refused" | "withheld";
                            tokenName: string;
                            why: string;
                            /** @description Taken back by hand although it is required */
                            withheld: {
                                /** Format: date-time */
                                at: string;
                                by: string | null;
                                /** Format: uuid */
                                interventionId: string;
                            } | null;
                        }[];
                        model: string | null;
                        name: string;
                        osVersion: string | null;
                        /** @enum {string} */
                        ownership: "corporate" | "personal";
                        platform: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "visionOS" | "watchOS") | null;
                        serialNumber: string;
                        site: string | null;
                        supervised: boolean;
                        tags: string[];
                        /** Format: date-time */
                        updatedAt: string;
                        user: {
                            id: number;
                            name: string;
                            userName: string;
                        } | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDeviceEnrollment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        authenticatedAt: string;
                        awaitingConfiguration: boolean;
                        /**
                         * @description By which the device is reached
                         * @enum {string}
                         */
                        channel: "mdm" | "nanomdm";
                        /** @description The latest 50, newest first */
                        commands: components["schemas"]["DeviceCommand"][];
                        /** @description Null until the device has told its serial number, and when it was removed from the directory */
                        device: {
                            id: number;
                            name: string;
                            serialNumber: string;
                        } | null;
                        enrolledAt: string | null;
                        /** @description When the device was last asked what it is */
                        factsAskedAt: string | null;
                        id: number;
                        /** @description UDID, or the EnrollmentID of a User Enrollment */
                        identifier: string;
                        /** @description The certificate by which the device is known; null once it left, and for one of another server */
                        identity: {
                            /** Format: date-time */
                            notAfter: string;
                            serialNumber: string;
                        } | null;
                        /** @enum {string} */
                        kind: "device" | "user";
                        /**
                         * Format: date-time
                         * @description Up to five minutes behind
                         */
                        lastSeenAt: string;
                        leftAt: string | null;
                        leftCause: ("checked_out" | "enrolled_again" | "removed_by_administrator" | "identity_revoked") | null;
                        /** @enum {string} */
                        ownership: "personal" | "corporate";
                        /** @description Since then Apple cannot reach it: it has to come by itself */
                        pushLostAt: string | null;
                        /**
                         * @description Begun and not complete; under management; not any more
                         * @enum {string}
                         */
                        state: "authenticated" | "enrolled" | "left";
                        /** @description Whether somebody is signed in to the store there */
                        storeAccountActive: boolean | null;
                        /** @description IANA name, as the device tells it; a Mac tells none */
                        timeZone: string | null;
                        user: {
                            id: number;
                            name: string;
                            userName: string;
                        } | null;
                        /** @description Commands that the device has not answered */
                        waiting: number;
                        /** @description When it is woken next; null when there is nothing to wake it for */
                        wakeAt: string | null;
                        wokenAt: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeviceInstalls: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            adamId: string;
                            assetId: number;
                            assetName: string;
                            /** @description Failed attempts in a row */
                            attempts: number;
                            /** @description Null while it waits for a license */
                            cause: {
                                /** @enum {string} */
                                code: "license_confirmed" | "queued" | "asked_to_agree" | "asked_to_sign_in" | "asked_to_hand_over" | "accepted" | "downloading" | "verified" | "not_finished" | "prompt_ignored" | "silent" | "removed_by_person" | "removal_queued" | "gone" | "was_not_managed" | "code_returned" | "license_back" | "license_lost" | "not_wanted" | "management_ended" | "license_not_found" | "rejected_by_person" | "takeover_rejected" | "unmanaged_copy" | "sign_in_required" | "store_disabled" | "installs_disabled" | "locked_to_one_app" | "unknown_to_store" | "cannot_be_purchased" | "needs_redemption_code" | "not_an_app" | "system_app" | "not_supported" | "right_missing" | "command_malformed" | "download_failed" | "device_fault" | "device_failed" | "other";
                                /** @description The device's error chain, outermost first */
                                errors: {
                                    code: number;
                                    domain: string;
                                    text: string;
                                }[];
                                /** @description What Intune shows for the same, as 0x87D13B95 */
                                intuneNumber: string | null;
                                /** @description The same in one sentence */
                                text: string;
                                /** @description The device's own word, as Apple's protocol has it */
                                word: string | null;
                            } | null;
                            /** @description When something happens next by itself */
                            nextAt: string | null;
                            /** @description Why the device did not take newer settings of the app */
                            settingsProblem: {
                                code: number;
                                domain: string;
                                text: string;
                            }[] | null;
                            /** Format: date-time */
                            since: string;
                            /** @enum {string} */
                            state: "waiting_for_license" | "licensed" | "commanded" | "prompting" | "installing" | "installed" | "refused" | "failed" | "cannot_install" | "removing" | "removed" | "released";
                            tokenName: string;
                            /** @description A newer version, as the device says; null when there is none */
                            update: {
                                /** Format: date-time */
                                since: string;
                                /** @enum {string} */
                                state: "available" | "commanded" | "failed";
                            } | null;
                            /** @enum {string} */
                            wanted: "installed" | "removed" | "nothing";
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInstallSteps: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
            };
            header?: never;
            path: {
                assetId: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            at: string;
                            cause: {
                                /** @enum {string} */
                                code: "license_confirmed" | "queued" | "asked_to_agree" | "asked_to_sign_in" | "asked_to_hand_over" | "accepted" | "downloading" | "verified" | "not_finished" | "prompt_ignored" | "silent" | "removed_by_person" | "removal_queued" | "gone" | "was_not_managed" | "code_returned" | "license_back" | "license_lost" | "not_wanted" | "management_ended" | "license_not_found" | "rejected_by_person" | "takeover_rejected" | "unmanaged_copy" | "sign_in_required" | "store_disabled" | "installs_disabled" | "locked_to_one_app" | "unknown_to_store" | "cannot_be_purchased" | "needs_redemption_code" | "not_an_app" | "system_app" | "not_supported" | "right_missing" | "command_malformed" | "download_failed" | "device_fault" | "device_failed" | "other";
                                /** @description The device's error chain, outermost first */
                                errors: {
                                    code: number;
                                    domain: string;
                                    text: string;
                                }[];
                                /** @description What Intune shows for the same, as 0x87D13B95 */
                                intuneNumber: string | null;
                                /** @description The same in one sentence */
                                text: string;
                                /** @description The device's own word, as Apple's protocol has it */
                                word: string | null;
                            };
                            /** @enum {string} */
                            state: "licensed" | "commanded" | "prompting" | "installing" | "installed" | "refused" | "failed" | "cannot_install" | "removing" | "removed" | "released";
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tryInstallAgain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                assetId: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        state: "licensed" | "commanded" | "prompting" | "installing" | "installed" | "refused" | "failed" | "cannot_install" | "removing" | "removed" | "released";
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeviceTargets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Assignments that exclude it, and that something else includes */
                        excluded: {
                            assetId: number;
                            assetName: string;
                            assignmentId: number;
                            groupName: string;
                            tokenName: string;
                        }[];
                        targets: {
                            askedAt: string | null;
                            assetId: number;
                            assetName: string;
                            assignmentId: number;
                            groupName: string | null;
                            /** @enum {string} */
                            intent: "required" | "available" | "uninstall" | "available_or_uninstall";
                            /** @enum {string} */
                            licenseType: "device" | "user";
                            offered: boolean;
                            priority: number;
                            /** @description What holds on the device (A3): the deciding assignment, but off wins for removal when management ends */
                            settings: {
                                /** @enum {string} */
                                automaticUpdates: "token" | "on" | "off";
                                configuration: {
                                    [key: string]: unknown;
                                } | null;
                                /** @description Settings of which assignments say different things, with the ids of those that hold and of the others */
                                conflicts: {
                                    held: number[];
                                    overruled: number[];
                                    /** @enum {string} */
                                    setting: "automaticUpdates" | "removable" | "preventBackup" | "removeWhenManagementEnds" | "vpnId" | "configuration";
                                }[];
                                preventBackup: boolean;
                                removable: boolean;
                                removeWhenManagementEnds: boolean;
                                vpnId: string | null;
                            };
                            tokenName: string;
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeviceTitles: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                /** @description Part of the name, publisher or bundle id, or of the adamId */
                q?: string;
                show?: "fitting" | "unfit";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            adamId: string;
                            bundleId: string | null;
                            counts: {
                                available: number | null;
                                /** @description Of those used: asked of Apple, not yet confirmed */
                                granting: number;
                                /** @description Of those used: not given by us */
                                heldOutside: number;
                                retired: number;
                                total: number | null;
                                /** @description Pools without a limit; when all are, total and available are null */
                                unlimitedPools: number;
                                /** @description Of pools with a limit */
                                used: number;
                                /** @description Of pools without */
                                usedUnlimited: number;
                                waiting: number;
                            };
                            iconUrl: string | null;
                            /** @enum {string} */
                            kind: "app" | "mac_app" | "book";
                            locations: number;
                            minimumOs: string | null;
                            /** @description Of the oldest location's store that knows it; the adamId while none does */
                            name: string;
                            nameKnown: boolean;
                            notices: {
                                /** @enum {string} */
                                code: "not_licensed" | "not_in_store" | "not_device_assignable" | "changed";
                                /** @description How many it concerns */
                                pools: number;
                            }[];
                            platforms: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "watchOS" | "visionOS")[];
                            /** @description Assets of this title; STDQ and PLUS of a location are two */
                            pools: number;
                            publisher: string | null;
                            /** @description Pools of which none is left */
                            shortPools: number;
                            /** @description Why it does not run there; what is not known never excludes */
                            unfit: {
                                /** @enum {string} */
                                code: "wrong_platform" | "wrong_family" | "os_too_old";
                                /** @description One sentence */
                                text: string;
                            } | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainInstall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                assetId: number;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        advice: {
                            /** @enum {string} */
                            code: "done" | "nothing" | "assign_it" | "check_exclusion" | "ask_for_it" | "give_again" | "another_device" | "buy_or_reclaim" | "see_refusal" | "let_person_join" | "enroll_device" | "finish_setup" | "enroll_again" | "let_device_connect" | "let_person_agree" | "let_person_sign_in" | "use_joined_account" | "allow_store" | "end_app_lock" | "delete_own_copy" | "try_again" | "leave_out_code" | "report_fault";
                            text: string;
                        };
                        assetName: string;
                        deviceName: string;
                        /** @description The group whose assignment decides, or excludes */
                        groupName: string | null;
                        install: {
                            adamId: string;
                            assetId: number;
                            assetName: string;
                            /** @description Failed attempts in a row */
                            attempts: number;
                            /** @description Null while it waits for a license */
                            cause: {
                                /** @enum {string} */
                                code: "license_confirmed" | "queued" | "asked_to_agree" | "asked_to_sign_in" | "asked_to_hand_over" | "accepted" | "downloading" | "verified" | "not_finished" | "prompt_ignored" | "silent" | "removed_by_person" | "removal_queued" | "gone" | "was_not_managed" | "code_returned" | "license_back" | "license_lost" | "not_wanted" | "management_ended" | "license_not_found" | "rejected_by_person" | "takeover_rejected" | "unmanaged_copy" | "sign_in_required" | "store_disabled" | "installs_disabled" | "locked_to_one_app" | "unknown_to_store" | "cannot_be_purchased" | "needs_redemption_code" | "not_an_app" | "system_app" | "not_supported" | "right_missing" | "command_malformed" | "download_failed" | "device_fault" | "device_failed" | "other";
                                /** @description The device's error chain, outermost first */
                                errors: {
                                    code: number;
                                    domain: string;
                                    text: string;
                                }[];
                                /** @description What Intune shows for the same, as 0x87D13B95 */
                                intuneNumber: string | null;
                                /** @description The same in one sentence */
                                text: string;
                                /** @description The device's own word, as Apple's protocol has it */
                                word: string | null;
                            } | null;
                            /** @description When something happens next by itself */
                            nextAt: string | null;
                            /** @description Why the device did not take newer settings of the app */
                            settingsProblem: {
                                code: number;
                                domain: string;
                                text: string;
                            }[] | null;
                            /** Format: date-time */
                            since: string;
                            /** @enum {string} */
                            state: "waiting_for_license" | "licensed" | "commanded" | "prompting" | "installing" | "installed" | "refused" | "failed" | "cannot_install" | "removing" | "removed" | "released";
                            tokenName: string;
                            /** @description A newer version, as the device says; null when there is none */
                            update: {
                                /** Format: date-time */
                                since: string;
                                /** @enum {string} */
                                state: "available" | "commanded" | "failed";
                            } | null;
                            /** @enum {string} */
                            wanted: "installed" | "removed" | "nothing";
                        } | null;
                        /** @description When the device was last heard of */
                        lastSeenAt: string | null;
                        links: {
                            at: string | null;
                            /** @enum {string} */
                            code: "is_required" | "was_asked_for" | "is_to_be_removed" | "no_assignment" | "is_excluded" | "later_wave" | "not_asked_for" | "is_withheld" | "does_not_fit" | "license_held" | "license_on_its_way" | "waits_for_license" | "license_refused" | "person_not_joined" | "license_on_its_way_back" | "request_done" | "request_recorded" | "request_sent" | "request_unknown" | "is_managed" | "is_not_managed" | "in_setup" | "push_lost" | "command_answered" | "command_queued" | "command_sent" | "command_put_off" | "device_says" | "store_signed_out" | "store_other_account";
                            /** @enum {string} */
                            link: "rule" | "license" | "request" | "management" | "command" | "device";
                            /** @enum {string} */
                            state: "passed" | "waits" | "ends";
                            text: string;
                        }[];
                        /** @description In the queue for a license */
                        place: number | null;
                        /** @description Apple's refusal of the license */
                        refusal: {
                            number: number | null;
                            text: string;
                        } | null;
                        serialNumber: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDoubleSpend: {
        parameters: {
            query: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description device_and_user: a device has a license of its own and its user another. two_accounts: one person holds the title with two Apple Accounts. two_locations: one holder has it from two locations */
                kind: "device_and_user" | "two_accounts" | "two_locations";
                /** @description Rows on a page */
                limit?: number;
                /** @description Only pairs with a license of this location */
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            adamId: string;
                            /**
                             * @description in_migration: one comes back by itself, since only the other is wanted still. choose: an assignment has to change. keep: Apple takes neither back
                             * @enum {string}
                             */
                            advice: "in_migration" | "free_first" | "free_second" | "choose" | "keep";
                            first: {
                                asset: {
                                    id: number;
                                    name: string;
                                };
                                holder: {
                                    deviceId: number | null;
                                    /** @description A serial number, or the clientUserId of a user at Apple */
                                    id: string;
                                    /** @enum {string} */
                                    kind: "device" | "user";
                                    name: string | null;
                                };
                                ours: boolean;
                                /** Format: date-time */
                                since: string;
                                token: {
                                    id: number;
                                    name: string;
                                };
                                /** @description An assignment or a person’s wish asks for it */
                                wanted: boolean;
                            };
                            /**
                             * @description device_and_user: a device has a license of its own and its user another. two_accounts: one person holds the title with two Apple Accounts. two_locations: one holder has it from two locations
                             * @enum {string}
                             */
                            kind: "device_and_user" | "two_accounts" | "two_locations";
                            /** @description Of device_and_user, the user’s */
                            second: {
                                asset: {
                                    id: number;
                                    name: string;
                                };
                                holder: {
                                    deviceId: number | null;
                                    /** @description A serial number, or the clientUserId of a user at Apple */
                                    id: string;
                                    /** @enum {string} */
                                    kind: "device" | "user";
                                    name: string | null;
                                };
                                ours: boolean;
                                /** Format: date-time */
                                since: string;
                                token: {
                                    id: number;
                                    name: string;
                                };
                                /** @description An assignment or a person’s wish asks for it */
                                wanted: boolean;
                            };
                            user: {
                                id: number;
                                userName: string;
                            } | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    summarizeDoubleSpend: {
        parameters: {
            query?: {
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        kinds: {
                            found: number;
                            /** @description Of found: one comes back by itself */
                            inMigration: number;
                            /**
                             * @description device_and_user: a device has a license of its own and its user another. two_accounts: one person holds the title with two Apple Accounts. two_locations: one holder has it from two locations
                             * @enum {string}
                             */
                            kind: "device_and_user" | "two_accounts" | "two_locations";
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEnrollmentLinks: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["EnrollmentLink"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createEnrollmentLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Within the next 365 days
                     */
                    expiresAt: string;
                    /**
                     * @description Whose the device is. A personal one counts as asking its person first, and rules of groups can go by it
                     * @enum {string}
                     */
                    ownership: "personal" | "corporate";
                    serialNumber?: string | null;
                    /** @default null */
                    userName?: string | null;
                    /**
                     * @description Devices that may enroll with it
                     * @default 1
                     */
                    uses?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description With the secret; shown this once */
                        address: string;
                        link: components["schemas"]["EnrollmentLink"];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeEnrollmentLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEnrollments: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                deviceId?: number;
                /** @description Rows on a page */
                limit?: number;
                /** @description The start of the serial number */
                q?: string;
                /** @description Begun and not complete; under management; not any more */
                state?: "authenticated" | "enrolled" | "left";
                /** @description Of the devices of this person */
                userId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Enrollment"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEnrollment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        authenticatedAt: string;
                        awaitingConfiguration: boolean;
                        /**
                         * @description By which the device is reached
                         * @enum {string}
                         */
                        channel: "mdm" | "nanomdm";
                        /** @description The latest 50, newest first */
                        commands: components["schemas"]["DeviceCommand"][];
                        /** @description Null until the device has told its serial number, and when it was removed from the directory */
                        device: {
                            id: number;
                            name: string;
                            serialNumber: string;
                        } | null;
                        enrolledAt: string | null;
                        /** @description When the device was last asked what it is */
                        factsAskedAt: string | null;
                        id: number;
                        /** @description UDID, or the EnrollmentID of a User Enrollment */
                        identifier: string;
                        /** @description The certificate by which the device is known; null once it left, and for one of another server */
                        identity: {
                            /** Format: date-time */
                            notAfter: string;
                            serialNumber: string;
                        } | null;
                        /** @enum {string} */
                        kind: "device" | "user";
                        /**
                         * Format: date-time
                         * @description Up to five minutes behind
                         */
                        lastSeenAt: string;
                        leftAt: string | null;
                        leftCause: ("checked_out" | "enrolled_again" | "removed_by_administrator" | "identity_revoked") | null;
                        /** @enum {string} */
                        ownership: "personal" | "corporate";
                        /** @description Since then Apple cannot reach it: it has to come by itself */
                        pushLostAt: string | null;
                        /**
                         * @description Begun and not complete; under management; not any more
                         * @enum {string}
                         */
                        state: "authenticated" | "enrolled" | "left";
                        /** @description Whether somebody is signed in to the store there */
                        storeAccountActive: boolean | null;
                        /** @description IANA name, as the device tells it; a Mac tells none */
                        timeZone: string | null;
                        user: {
                            id: number;
                            name: string;
                            userName: string;
                        } | null;
                        /** @description Commands that the device has not answered */
                        waiting: number;
                        /** @description When it is woken next; null when there is nothing to wake it for */
                        wakeAt: string | null;
                        wokenAt: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeFromManagement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The name of the device, or its serial number, as consent */
                    confirmName: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrollment"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    wakeDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrollment"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listForecasts: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                /** @description Of one location */
                tokenId?: number;
                /** @description Only those expected to run out within so many days */
                within?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            adamId: string;
                            /** Format: date-time */
                            asOf: string;
                            assetId: number;
                            /** @description Licenses that moved on those days */
                            changes: number;
                            /**
                             * @description Little: fewer than 14 days or than 10 changes
                             * @enum {string}
                             */
                            confidence: "enough_history" | "little_history";
                            /** @description Days from `asOf` until somebody gets none. Null: not within a year; earliest and latest are null with little history too */
                            daysLeft: {
                                earliest: number | null;
                                expected: number | null;
                                latest: number | null;
                            };
                            free: number;
                            /** @description Complete days that count */
                            historyDays: number;
                            iconUrl: string | null;
                            name: string;
                            /** @description Within a year */
                            planned: number;
                            /** @description The expected day */
                            runsOutOn: string | null;
                            /** @enum {string} */
                            state: "short_now" | "runs_out" | "lasts" | "never";
                            /** @description One or two sentences */
                            text: string;
                            token: {
                                id: number;
                                name: string;
                            };
                            /** @description Net, on average; null without a complete day */
                            usePerDay: number | null;
                            waiting: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    giveAgain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What fits all of it; name one at least */
        requestBody: {
            content: {
                "application/json": {
                    assetId?: number;
                    /**
                     * Format: uuid
                     * @description All that one record withholds
                     */
                    interventionId?: string;
                    serialNumber?: string;
                    tokenId?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Targets that are withheld no longer */
                        given: number;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGroups: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                kind?: "device" | "user";
                /** @description Rows on a page */
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            assignments: number;
                            builtIn: ("all_devices" | "all_users") | null;
                            /** Format: date-time */
                            createdAt: string;
                            description: string;
                            id: number;
                            /** @description Groups of which it is a member, directly; at most 100 */
                            isIn: {
                                id: number;
                                name: string;
                            }[];
                            /** @enum {string} */
                            kind: "device" | "user";
                            /** @description Groups that are members, directly */
                            memberGroups: {
                                id: number;
                                name: string;
                            }[];
                            /** @description Devices or users in it and in the groups in it, each once; without users who have left */
                            members: number;
                            name: string;
                            /** @description Null where members are picked by hand */
                            rule: {
                                [key: string]: unknown;
                            } | null;
                            /** @description The rule as a sentence */
                            ruleText: string | null;
                            /** Format: date-time */
                            updatedAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createGroup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default  */
                    description?: string;
                    /** @enum {string} */
                    kind: "device" | "user";
                    name: string;
                    rule?: {
                        [key: string]: unknown;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        assignments: number;
                        builtIn: ("all_devices" | "all_users") | null;
                        /** Format: date-time */
                        createdAt: string;
                        description: string;
                        id: number;
                        /** @description Groups of which it is a member, directly; at most 100 */
                        isIn: {
                            id: number;
                            name: string;
                        }[];
                        /** @enum {string} */
                        kind: "device" | "user";
                        /** @description Groups that are members, directly */
                        memberGroups: {
                            id: number;
                            name: string;
                        }[];
                        /** @description Devices or users in it and in the groups in it, each once; without users who have left */
                        members: number;
                        name: string;
                        /** @description Null where members are picked by hand */
                        rule: {
                            [key: string]: unknown;
                        } | null;
                        /** @description The rule as a sentence */
                        ruleText: string | null;
                        /** Format: date-time */
                        updatedAt: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        assignments: number;
                        builtIn: ("all_devices" | "all_users") | null;
                        /** Format: date-time */
                        createdAt: string;
                        description: string;
                        id: number;
                        /** @description Groups of which it is a member, directly; at most 100 */
                        isIn: {
                            id: number;
                            name: string;
                        }[];
                        /** @enum {string} */
                        kind: "device" | "user";
                        /** @description Groups that are members, directly */
                        memberGroups: {
                            id: number;
                            name: string;
                        }[];
                        /** @description Devices or users in it and in the groups in it, each once; without users who have left */
                        members: number;
                        name: string;
                        /** @description Null where members are picked by hand */
                        rule: {
                            [key: string]: unknown;
                        } | null;
                        /** @description The rule as a sentence */
                        ruleText: string | null;
                        /** Format: date-time */
                        updatedAt: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string;
                    name?: string;
                    /** @description Replaces the members; null keeps them, picked by hand from then on */
                    rule?: {
                        [key: string]: unknown;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        assignments: number;
                        builtIn: ("all_devices" | "all_users") | null;
                        /** Format: date-time */
                        createdAt: string;
                        description: string;
                        id: number;
                        /** @description Groups of which it is a member, directly; at most 100 */
                        isIn: {
                            id: number;
                            name: string;
                        }[];
                        /** @enum {string} */
                        kind: "device" | "user";
                        /** @description Groups that are members, directly */
                        memberGroups: {
                            id: number;
                            name: string;
                        }[];
                        /** @description Devices or users in it and in the groups in it, each once; without users who have left */
                        members: number;
                        name: string;
                        /** @description Null where members are picked by hand */
                        rule: {
                            [key: string]: unknown;
                        } | null;
                        /** @description The rule as a sentence */
                        ruleText: string | null;
                        /** Format: date-time */
                        updatedAt: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeMembers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default [] */
                    add?: string[];
                    /**
                     * @description Groups of the same kind
                     * @default []
                     */
                    addGroups?: number[];
                    /** @default [] */
                    remove?: string[];
                    /** @default [] */
                    removeGroups?: number[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        added: number;
                        groupsAdded: number;
                        groupsRemoved: number;
                        members: number;
                        removed: number;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewRule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    cursor?: string;
                    /** @default 50 */
                    limit?: number;
                    q?: string;
                    /** @description Conditions `{ fact, op, value }`, joined by `{ all: [...] }`, `{ any: [...] }` and `{ not: ... }`, at most 4 deep */
                    rule: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description ISO 3166-1, two letters */
                            country: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /**
                             * @description As a device, by its user (which hides the serial number), or Shared iPad
                             * @enum {string}
                             */
                            enrollmentType: "device" | "user" | "shared";
                            id: number;
                            kiosk: boolean;
                            lastSeenAt: string | null;
                            model: string | null;
                            name: string;
                            osVersion: string | null;
                            /** @enum {string} */
                            ownership: "corporate" | "personal";
                            platform: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "visionOS" | "watchOS") | null;
                            serialNumber: string;
                            site: string | null;
                            supervised: boolean;
                            tags: string[];
                            /** Format: date-time */
                            updatedAt: string;
                            user: {
                                id: number;
                                name: string;
                                userName: string;
                            } | null;
                        }[];
                        nextCursor: string | null;
                        /** @description Whatever is searched for */
                        total: number;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getIcon: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                adamId: string;
                country: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image; PNG, JPEG or WebP */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listIdleLicenses: {
        parameters: {
            query?: {
                assetId?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                /** @description Start of the serial number or of the user’s id */
                q?: string;
                /** @description serial_unknown, user_unknown: the directory does not have the holder. user_left: the person, or the person whose device it is, has left. device_unseen: the device was not seen for as long as the setting says. not_assigned: nobody needs it, and a policy keeps it for a while. outside_and_unknown: held outside by a holder whom nobody knows */
                reason?: "serial_unknown" | "user_unknown" | "user_left" | "device_unseen" | "not_assigned" | "outside_and_unknown";
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            asset: {
                                id: number;
                                name: string;
                            };
                            deviceId: number | null;
                            /**
                             * Format: date-time
                             * @description The look that found it first for this reason
                             */
                            foundAt: string;
                            /** @description A serial number, or the clientUserId of a user at Apple */
                            id: string;
                            /** @description Until when a policy keeps it, although nobody needs it */
                            keepUntil: string | null;
                            /** @enum {string} */
                            kind: "device" | "user";
                            /** @description Of the device */
                            lastSeenAt: string | null;
                            /** @description Of the device or user, where the directory knows it */
                            name: string | null;
                            ours: boolean;
                            /** @description Whose device it is */
                            personName: string | null;
                            /**
                             * @description serial_unknown, user_unknown: the directory does not have the holder. user_left: the person, or the person whose device it is, has left. device_unseen: the device was not seen for as long as the setting says. not_assigned: nobody needs it, and a policy keeps it for a while. outside_and_unknown: held outside by a holder whom nobody knows
                             * @enum {string}
                             */
                            reason: "serial_unknown" | "user_unknown" | "user_left" | "device_unseen" | "not_assigned" | "outside_and_unknown";
                            /** @description An assignment requires it there: taking it means withholding it from the holder */
                            required: boolean;
                            /** @description Apple takes it back */
                            revocable: boolean;
                            /**
                             * Format: date-time
                             * @description Since when it is held
                             */
                            since: string;
                            /** @description One sentence */
                            text: string;
                            token: {
                                id: number;
                                name: string;
                            };
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lookForIdleLicenses: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Only of this content token */
                    tokenId?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdleSummary"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getIdleSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdleSettings"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putIdleSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdleSettingsInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdleSettings"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    summarizeIdleLicenses: {
        parameters: {
            query?: {
                assetId?: number;
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdleSummary"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listImports: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            actorName: string;
                            /** Format: date-time */
                            at: string;
                            created: number;
                            fileName: string | null;
                            /** Format: uuid */
                            id: string;
                            /** @description False when nothing was kept because a row was bad */
                            kept: boolean;
                            /** @enum {string} */
                            kind: "devices" | "users" | "groups";
                            /** @enum {string} */
                            onError: "keep_good_rows" | "keep_nothing";
                            rejected: number;
                            /** @description At most 1000 */
                            rejections: {
                                column: string | null;
                                /** @description Line of the file, from 1 */
                                line: number;
                                /** @description One sentence that says what to do */
                                reason: string;
                                value: string | null;
                            }[];
                            rows: number;
                            unchanged: number;
                            updated: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importCsv: {
        parameters: {
            query: {
                fileName?: string;
                kind: "devices" | "users" | "groups";
                onError?: "keep_good_rows" | "keep_nothing";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        actorName: string;
                        /** Format: date-time */
                        at: string;
                        created: number;
                        fileName: string | null;
                        /** Format: uuid */
                        id: string;
                        /** @description False when nothing was kept because a row was bad */
                        kept: boolean;
                        /** @enum {string} */
                        kind: "devices" | "users" | "groups";
                        /** @enum {string} */
                        onError: "keep_good_rows" | "keep_nothing";
                        rejected: number;
                        /** @description At most 1000 */
                        rejections: {
                            column: string | null;
                            /** @description Line of the file, from 1 */
                            line: number;
                            /** @description One sentence that says what to do */
                            reason: string;
                            value: string | null;
                        }[];
                        rows: number;
                        unchanged: number;
                        updated: number;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInstallFailures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description What to do, one sentence */
                            advice: string;
                            appleNumbers: number[];
                            /** @enum {string} */
                            code: "license_not_found" | "rejected_by_person" | "takeover_rejected" | "unmanaged_copy" | "sign_in_required" | "store_disabled" | "installs_disabled" | "locked_to_one_app" | "unknown_to_store" | "cannot_be_purchased" | "needs_redemption_code" | "not_an_app" | "system_app" | "not_supported" | "right_missing" | "command_malformed" | "download_failed" | "device_fault" | "device_failed" | "other";
                            intuneNumbers: string[];
                            /** @description Apple's RejectionReason */
                            reasons: string[];
                            /**
                             * @description When it is tried again by itself; soon: after 30 s, 2 and 10 minutes, then daily
                             * @enum {string}
                             */
                            retry: "soon" | "daily" | "never";
                            /** @enum {string} */
                            state: "refused" | "failed" | "cannot_install";
                            text: string;
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInterventions: {
        parameters: {
            query?: {
                assetId?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Intervention"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createIntervention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description take_back: also what Apportion did not give (S5)
                     * @default false
                     */
                    includeOutside?: boolean;
                    /** @enum {string} */
                    kind: "take_back" | "free" | "adopt";
                    /**
                     * @description take_back, free: what an assignment requires is left, or taken and withheld until given again
                     * @default leave
                     * @enum {string}
                     */
                    required?: "leave" | "withhold";
                    /** @description Licenses that fit all of it */
                    scope: {
                        assetId?: number;
                        clientUserId?: string;
                        /**
                         * @description Every license of every location; goes alone
                         * @enum {boolean}
                         */
                        everything?: true;
                        /** @description take_back, free: only what is idle for one of these reasons, and still is when it is taken */
                        idle?: ("serial_unknown" | "user_unknown" | "user_left" | "device_unseen" | "not_assigned" | "outside_and_unknown")[];
                        serialNumber?: string;
                        tokenId?: number;
                        /** @description What a person holds, and the devices of that person */
                        userId?: number;
                    };
                    /**
                     * @description adopt: what no assignment requires is left outside, or adopted and then taken back
                     * @default leave
                     * @enum {string}
                     */
                    unassigned?: "leave" | "take_back";
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Intervention"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getIntervention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Intervention"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applyIntervention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Intervention"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInterventionLicenses: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                outcome?: "asked" | "taken" | "refused" | "kept" | "adopted" | "withheld" | "skipped" | "giving" | "given" | "not_given" | "queued";
                /** @description Start of the serial number */
                q?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            asset: {
                                id: number;
                                name: string;
                            };
                            deviceId: number | null;
                            errorNumber: number | null;
                            /** @description A serial number, or the clientUserId of a user at Apple */
                            id: string;
                            /** @enum {string} */
                            kind: "device" | "user";
                            /** @description Of the device or user, where the directory knows it */
                            name: string | null;
                            /** @enum {string} */
                            outcome: "asked" | "taken" | "refused" | "kept" | "adopted" | "withheld" | "skipped" | "giving" | "given" | "not_given" | "queued";
                            reason: ("withheld" | "comes_back" | "still_required" | "held_outside" | "not_revocable" | "already_returning" | "not_assigned" | "required_again" | "token_deleted" | "undone" | "none_free" | "held_again" | "on_its_way_back" | "waits_already" | "withheld_again" | "not_offered") | null;
                            settledAt: string | null;
                            /** @description One sentence */
                            text: string;
                            tokenName: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportInterventionLicenses: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Comma-separated, with a header row */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undoIntervention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Intervention"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLedger: {
        parameters: {
            query?: {
                assetId?: number;
                change?: "granted" | "released" | "refused" | "found" | "vanished" | "adopted";
                clientUserId?: string;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description At this moment or later */
                from?: string;
                interventionId?: string;
                /** @description Rows on a page */
                limit?: number;
                serialNumber?: string;
                /** @description Before this moment */
                to?: string;
                tokenId?: number;
                /** @description What a person held, and the devices that the person has now */
                userId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            asset: {
                                id: number;
                                name: string;
                            };
                            /** Format: date-time */
                            at: string;
                            cause: {
                                /** @description The administrator, for what was done by hand */
                                by: string | null;
                                /** @enum {string} */
                                code: "assigned" | "read_back" | "done_late" | "no_longer_required" | "taken_back" | "freed" | "adopted" | "undone" | "refused_by_apple" | "release_refused_by_apple" | "given_outside" | "taken_outside" | "found_at_first_sync" | "found_at_sync" | "gone_at_sync" | "other";
                                errorNumber: number | null;
                                /** @description The group by which an assignment required it, while both exist */
                                groupName: string | null;
                                /** @description One sentence */
                                text: string;
                            };
                            /** @enum {string} */
                            change: "granted" | "released" | "refused" | "found" | "vanished" | "adopted";
                            deviceId: number | null;
                            /** @description A serial number, or the clientUserId of a user at Apple */
                            id: string;
                            /** @description The record of what was done by hand */
                            interventionId: string | null;
                            /** @enum {string} */
                            kind: "device" | "user";
                            /** @description Of the device or user, where the directory knows it */
                            name: string | null;
                            /** @description The request to Apple */
                            operationId: string | null;
                            /** @description Grows with time */
                            seq: number;
                            token: {
                                id: number;
                                name: string;
                            };
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportLedger: {
        parameters: {
            query?: {
                assetId?: number;
                change?: "granted" | "released" | "refused" | "found" | "vanished" | "adopted";
                clientUserId?: string;
                /** @description At this moment or later */
                from?: string;
                interventionId?: string;
                serialNumber?: string;
                /** @description Before this moment */
                to?: string;
                tokenId?: number;
                /** @description What a person held, and the devices that the person has now */
                userId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Comma-separated, with a header row */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHoldersAt: {
        parameters: {
            query: {
                assetId?: number;
                at: string;
                clientUserId?: string;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                serialNumber?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            asset: {
                                id: number;
                                name: string;
                            };
                            deviceId: number | null;
                            /** @description A serial number, or the clientUserId of a user at Apple */
                            id: string;
                            /** @enum {string} */
                            kind: "device" | "user";
                            /** @description Of the device or user, where the directory knows it */
                            name: string | null;
                            token: {
                                id: number;
                                name: string;
                            };
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOperations: {
        parameters: {
            query?: {
                assetId?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                /** @description Only those that have not ended */
                open?: string;
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            assets: {
                                id: number;
                                name: string;
                            }[];
                            completed: number;
                            eventId: string | null;
                            finishedAt: string | null;
                            holders: number;
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "associate" | "disassociate";
                            problem: {
                                detail: string;
                                number: number | null;
                            } | null;
                            /** Format: date-time */
                            recordedAt: string;
                            sentAt: string | null;
                            /** @enum {string} */
                            state: "recorded" | "sending" | "sent" | "unknown" | "done" | "partly" | "failed";
                            tasks: number;
                            tokenId: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        assignments: number;
                        /** @description Most urgent first, at most 20 */
                        attention: {
                            assetId: number | null;
                            at: string | null;
                            /** @enum {string} */
                            code: "token_expired" | "token_expiring" | "token_revoked" | "token_invalid" | "token_managed_elsewhere" | "token_duplicate" | "deletion_blocked" | "apple_silent" | "sync_failed" | "sync_overdue" | "operations_stuck" | "notifications_off" | "slowed_down" | "shortage" | "operations_failed" | "title_not_licensed" | "title_not_in_store" | "title_not_device_assignable" | "title_became_limited" | "titles_changed" | "push_certificate_expiring" | "push_certificate_expired" | "push_certificate_refused";
                            count: number | null;
                            name: string | null;
                            /** @enum {string} */
                            severity: "critical" | "warning" | "notice";
                            text: string;
                            tokenId: number | null;
                        }[];
                        busiest: {
                            assetId: number;
                            iconUrl: string | null;
                            name: string;
                            /** @description Null for an unlimited asset */
                            total: number | null;
                            used: number;
                            waiting: number;
                        }[];
                        devices: number;
                        /** @description The oldest of all locations; null while one has never been synced */
                        exactAsOf: string | null;
                        groups: number;
                        licenses: {
                            available: number;
                            granting: number;
                            heldOutside: number;
                            releasing: number;
                            /** @description Without unlimited assets */
                            total: number;
                            /** @description Without unlimited assets */
                            used: number;
                            /** @description Used licenses of unlimited assets */
                            usedUnlimited: number;
                            waiting: number;
                        };
                        operations: {
                            failedLastDay: number;
                            open: number;
                        };
                        /** @description Assets expected to run out within so many days, those that are short now included (L10) */
                        runningOut: {
                            assets: number;
                            within: number;
                        };
                        titles: number;
                        tokens: {
                            needAttention: number;
                            total: number;
                        };
                        users: number;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPlan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    assetId: number;
                    /** @description The whole set; an empty one removes all */
                    wanted: {
                        groupId: number;
                        /**
                         * @description Needed for an inclusion
                         * @enum {string}
                         */
                        intent?: "required" | "available" | "uninstall";
                        /**
                         * @description Device licenses when left out, user licenses for books
                         * @enum {string}
                         */
                        licenseType?: "device" | "user";
                        /**
                         * @default include
                         * @enum {string}
                         */
                        mode?: "include" | "exclude";
                        /**
                         * @description This pool, the pool of the device's country, or the one with the most free
                         * @default own
                         * @enum {string}
                         */
                        pools?: "own" | "country" | "most_free";
                        /**
                         * @description Higher is served first, then older
                         * @default 0
                         */
                        priority?: number;
                        /**
                         * @description The most licenses that they may hold
                         * @default null
                         */
                        quota?: number | null;
                        /**
                         * @description What becomes of a license that nobody needs any more, by unassigned, uninstall, device_left, user_left, app_removed; the default frees it at once. app_removed: the person deleted an app that was asked for, on a device under management; the default keeps the license
                         * @default {}
                         */
                        reclaim?: {
                            app_removed?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            device_left?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            unassigned?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            uninstall?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                            user_left?: {
                                /** @enum {string} */
                                kind: "now" | "keep";
                            } | {
                                days: number;
                                /** @enum {string} */
                                kind: "after";
                            };
                        };
                        /**
                         * @description Licenses kept for those of this assignment
                         * @default null
                         */
                        reserve?: number | null;
                        /** @default null */
                        rollout?: {
                            /** @default null */
                            stopAtPercent?: number | null;
                            waves: {
                                /** @description Null: at once; only for the first */
                                at: string | null;
                                percent: number;
                            }[];
                        } | null;
                        /** @default {} */
                        settings?: {
                            /**
                             * @description `token`: as the content token says
                             * @enum {string}
                             */
                            automaticUpdates?: "token" | "on" | "off";
                            configuration?: {
                                [key: string]: unknown;
                            } | null;
                            preventBackup?: boolean;
                            removable?: boolean;
                            removeWhenManagementEnds?: boolean;
                            vpnId?: string | null;
                        };
                    }[];
                } | {
                    changes: {
                        assetId: number;
                        /** @description The whole set; an empty one removes all */
                        wanted: {
                            groupId: number;
                            /**
                             * @description Needed for an inclusion
                             * @enum {string}
                             */
                            intent?: "required" | "available" | "uninstall";
                            /**
                             * @description Device licenses when left out, user licenses for books
                             * @enum {string}
                             */
                            licenseType?: "device" | "user";
                            /**
                             * @default include
                             * @enum {string}
                             */
                            mode?: "include" | "exclude";
                            /**
                             * @description This pool, the pool of the device's country, or the one with the most free
                             * @default own
                             * @enum {string}
                             */
                            pools?: "own" | "country" | "most_free";
                            /**
                             * @description Higher is served first, then older
                             * @default 0
                             */
                            priority?: number;
                            /**
                             * @description The most licenses that they may hold
                             * @default null
                             */
                            quota?: number | null;
                            /**
                             * @description What becomes of a license that nobody needs any more, by unassigned, uninstall, device_left, user_left, app_removed; the default frees it at once. app_removed: the person deleted an app that was asked for, on a device under management; the default keeps the license
                             * @default {}
                             */
                            reclaim?: {
                                app_removed?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                device_left?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                unassigned?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                uninstall?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                user_left?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                            };
                            /**
                             * @description Licenses kept for those of this assignment
                             * @default null
                             */
                            reserve?: number | null;
                            /** @default null */
                            rollout?: {
                                /** @default null */
                                stopAtPercent?: number | null;
                                waves: {
                                    /** @description Null: at once; only for the first */
                                    at: string | null;
                                    percent: number;
                                }[];
                            } | null;
                            /** @default {} */
                            settings?: {
                                /**
                                 * @description `token`: as the content token says
                                 * @enum {string}
                                 */
                                automaticUpdates?: "token" | "on" | "off";
                                configuration?: {
                                    [key: string]: unknown;
                                } | null;
                                preventBackup?: boolean;
                                removable?: boolean;
                                removeWhenManagementEnds?: boolean;
                                vpnId?: string | null;
                            };
                        }[];
                    }[];
                } | {
                    group: {
                        /** @default [] */
                        add?: string[];
                        /** @default [] */
                        addGroups?: number[];
                        id: number;
                        /** @default [] */
                        remove?: string[];
                        /** @default [] */
                        removeGroups?: number[];
                    };
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of a plan for one asset */
                        assetId: number | null;
                        assets: {
                            assetId: number;
                            country: string;
                            name: string;
                            outcome: {
                                /** @description Left out: it does not work on this device */
                                cannot: {
                                    byReason: {
                                        device_is_anonymous: number;
                                        kiosk_has_no_user: number;
                                        left_management: number;
                                        no_user: number;
                                        os_too_old: number;
                                        shared_ipad_has_no_user: number;
                                        wrong_family: number;
                                        wrong_platform: number;
                                    };
                                    count: number;
                                    /** @description At most 20 */
                                    sample: {
                                        /** @enum {string} */
                                        code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                        deviceId: number | null;
                                        deviceName: string | null;
                                        /** @description Place among those who wait, from 1 */
                                        place: number | null;
                                        /** @description One sentence */
                                        reason: string;
                                        /** @description Null for a person */
                                        serialNumber: string | null;
                                        userId: number | null;
                                        /** @description Of a person who gets a user license */
                                        userName: string | null;
                                    }[];
                                };
                                /** @description Devices that the assignments reach, after exclusions */
                                devicesReached: number;
                                /** @description Have the title from another pool and need none from this one (C3) */
                                elsewhere: number;
                                /** @description How long the licenses last afterwards (L10); of several assets the one that runs out first; null: unlimited */
                                forecast: {
                                    /** @enum {string} */
                                    confidence: "enough_history" | "little_history";
                                    /** @description As likely sooner as later; null: not within a year */
                                    daysLeft: number | null;
                                    /** @description Sooner in one of ten; null with little history */
                                    earliest: number | null;
                                    latest: number | null;
                                    /** @enum {string} */
                                    state: "short_now" | "runs_out" | "lasts" | "never";
                                } | null;
                                /** @description Get a license */
                                grants: {
                                    count: number;
                                    /** @description At most 20 */
                                    sample: {
                                        /** @enum {string} */
                                        code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                        deviceId: number | null;
                                        deviceName: string | null;
                                        /** @description Place among those who wait, from 1 */
                                        place: number | null;
                                        /** @description One sentence */
                                        reason: string;
                                        /** @description Null for a person */
                                        serialNumber: string | null;
                                        userId: number | null;
                                        /** @description Of a person who gets a user license */
                                        userName: string | null;
                                    }[];
                                };
                                /** @description Licenses that would never come back (books) */
                                irrevocable: number;
                                /** @description People who have to join first */
                                joining: number;
                                keeps: {
                                    count: number;
                                    /** @description Of these held outside */
                                    outside: number;
                                };
                                /** @description Nobody needs their license any more, and the reclaim policy keeps it for now (L7) */
                                kept: {
                                    count: number;
                                    /** @description At most 20 */
                                    sample: {
                                        /** @enum {string} */
                                        code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                        deviceId: number | null;
                                        deviceName: string | null;
                                        /** @description Place among those who wait, from 1 */
                                        place: number | null;
                                        /** @description One sentence */
                                        reason: string;
                                        /** @description Null for a person */
                                        serialNumber: string | null;
                                        userId: number | null;
                                        /** @description Of a person who gets a user license */
                                        userName: string | null;
                                    }[];
                                };
                                licenses: {
                                    availableAfter: number | null;
                                    availableBefore: number | null;
                                    total: number | null;
                                    unlimited: boolean;
                                    usedAfter: number;
                                    usedBefore: number;
                                };
                                /** @description Devices or people whom it is offered; a license is taken when somebody asks */
                                offered: number;
                                /** @description People who are meant to hold a user license */
                                peopleReached: number;
                                /** @description What people will see on how many devices (A5) */
                                prompts: {
                                    caveats: ("update_asks_while_open" | "no_updates_in_single_app_mode" | "store_must_be_allowed")[];
                                    devices: number;
                                    /** @description What the person is asked, in order; none: silently */
                                    prompts: ("join-program" | "confirm-install" | "sign-in")[];
                                    /** @description A row of the table of prompts, such as `byod_user` */
                                    scenario: string;
                                }[];
                                /** @description Their license comes back */
                                releases: {
                                    count: number;
                                    /** @description At most 20 */
                                    sample: {
                                        /** @enum {string} */
                                        code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                        deviceId: number | null;
                                        deviceName: string | null;
                                        /** @description Place among those who wait, from 1 */
                                        place: number | null;
                                        /** @description One sentence */
                                        reason: string;
                                        /** @description Null for a person */
                                        serialNumber: string | null;
                                        userId: number | null;
                                        /** @description Of a person who gets a user license */
                                        userName: string | null;
                                    }[];
                                };
                                /** @description Requests to Apple that this takes at least */
                                requests: number;
                                /** @description Devices from which the app is to be removed */
                                uninstalls: number;
                                /** @description Left out for now, in this order */
                                waits: {
                                    byReason: {
                                        kept_for_others: number;
                                        no_license_left: number;
                                        quota_reached: number;
                                    };
                                    count: number;
                                    /** @description At most 20 */
                                    sample: {
                                        /** @enum {string} */
                                        code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                        deviceId: number | null;
                                        deviceName: string | null;
                                        /** @description Place among those who wait, from 1 */
                                        place: number | null;
                                        /** @description One sentence */
                                        reason: string;
                                        /** @description Null for a person */
                                        serialNumber: string | null;
                                        userId: number | null;
                                        /** @description Of a person who gets a user license */
                                        userName: string | null;
                                    }[];
                                };
                                warnings: {
                                    /** @enum {string} */
                                    code: "irrevocable" | "releases" | "not_revocable" | "shortage" | "quota" | "reserve" | "moving_without_spare" | "joining" | "store_must_be_allowed" | "unfit" | "withheld";
                                    /** @description Devices or people that it concerns */
                                    count: number;
                                    /** @description One or two sentences */
                                    text: string;
                                }[];
                                /** @description Taken back by hand: they get none until it is given again */
                                withheld: number;
                            };
                            tokenId: number;
                            tokenName: string;
                        }[];
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        expiresAt: string;
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        kind: "assignments" | "group";
                        /** @description All assets together */
                        outcome: {
                            /** @description Left out: it does not work on this device */
                            cannot: {
                                byReason: {
                                    device_is_anonymous: number;
                                    kiosk_has_no_user: number;
                                    left_management: number;
                                    no_user: number;
                                    os_too_old: number;
                                    shared_ipad_has_no_user: number;
                                    wrong_family: number;
                                    wrong_platform: number;
                                };
                                count: number;
                                /** @description At most 20 */
                                sample: {
                                    /** @enum {string} */
                                    code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                    deviceId: number | null;
                                    deviceName: string | null;
                                    /** @description Place among those who wait, from 1 */
                                    place: number | null;
                                    /** @description One sentence */
                                    reason: string;
                                    /** @description Null for a person */
                                    serialNumber: string | null;
                                    userId: number | null;
                                    /** @description Of a person who gets a user license */
                                    userName: string | null;
                                }[];
                            };
                            /** @description Devices that the assignments reach, after exclusions */
                            devicesReached: number;
                            /** @description Have the title from another pool and need none from this one (C3) */
                            elsewhere: number;
                            /** @description How long the licenses last afterwards (L10); of several assets the one that runs out first; null: unlimited */
                            forecast: {
                                /** @enum {string} */
                                confidence: "enough_history" | "little_history";
                                /** @description As likely sooner as later; null: not within a year */
                                daysLeft: number | null;
                                /** @description Sooner in one of ten; null with little history */
                                earliest: number | null;
                                latest: number | null;
                                /** @enum {string} */
                                state: "short_now" | "runs_out" | "lasts" | "never";
                            } | null;
                            /** @description Get a license */
                            grants: {
                                count: number;
                                /** @description At most 20 */
                                sample: {
                                    /** @enum {string} */
                                    code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                    deviceId: number | null;
                                    deviceName: string | null;
                                    /** @description Place among those who wait, from 1 */
                                    place: number | null;
                                    /** @description One sentence */
                                    reason: string;
                                    /** @description Null for a person */
                                    serialNumber: string | null;
                                    userId: number | null;
                                    /** @description Of a person who gets a user license */
                                    userName: string | null;
                                }[];
                            };
                            /** @description Licenses that would never come back (books) */
                            irrevocable: number;
                            /** @description People who have to join first */
                            joining: number;
                            keeps: {
                                count: number;
                                /** @description Of these held outside */
                                outside: number;
                            };
                            /** @description Nobody needs their license any more, and the reclaim policy keeps it for now (L7) */
                            kept: {
                                count: number;
                                /** @description At most 20 */
                                sample: {
                                    /** @enum {string} */
                                    code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                    deviceId: number | null;
                                    deviceName: string | null;
                                    /** @description Place among those who wait, from 1 */
                                    place: number | null;
                                    /** @description One sentence */
                                    reason: string;
                                    /** @description Null for a person */
                                    serialNumber: string | null;
                                    userId: number | null;
                                    /** @description Of a person who gets a user license */
                                    userName: string | null;
                                }[];
                            };
                            licenses: {
                                availableAfter: number | null;
                                availableBefore: number | null;
                                total: number | null;
                                unlimited: boolean;
                                usedAfter: number;
                                usedBefore: number;
                            };
                            /** @description Devices or people whom it is offered; a license is taken when somebody asks */
                            offered: number;
                            /** @description People who are meant to hold a user license */
                            peopleReached: number;
                            /** @description What people will see on how many devices (A5) */
                            prompts: {
                                caveats: ("update_asks_while_open" | "no_updates_in_single_app_mode" | "store_must_be_allowed")[];
                                devices: number;
                                /** @description What the person is asked, in order; none: silently */
                                prompts: ("join-program" | "confirm-install" | "sign-in")[];
                                /** @description A row of the table of prompts, such as `byod_user` */
                                scenario: string;
                            }[];
                            /** @description Their license comes back */
                            releases: {
                                count: number;
                                /** @description At most 20 */
                                sample: {
                                    /** @enum {string} */
                                    code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                    deviceId: number | null;
                                    deviceName: string | null;
                                    /** @description Place among those who wait, from 1 */
                                    place: number | null;
                                    /** @description One sentence */
                                    reason: string;
                                    /** @description Null for a person */
                                    serialNumber: string | null;
                                    userId: number | null;
                                    /** @description Of a person who gets a user license */
                                    userName: string | null;
                                }[];
                            };
                            /** @description Requests to Apple that this takes at least */
                            requests: number;
                            /** @description Devices from which the app is to be removed */
                            uninstalls: number;
                            /** @description Left out for now, in this order */
                            waits: {
                                byReason: {
                                    kept_for_others: number;
                                    no_license_left: number;
                                    quota_reached: number;
                                };
                                count: number;
                                /** @description At most 20 */
                                sample: {
                                    /** @enum {string} */
                                    code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                                    deviceId: number | null;
                                    deviceName: string | null;
                                    /** @description Place among those who wait, from 1 */
                                    place: number | null;
                                    /** @description One sentence */
                                    reason: string;
                                    /** @description Null for a person */
                                    serialNumber: string | null;
                                    userId: number | null;
                                    /** @description Of a person who gets a user license */
                                    userName: string | null;
                                }[];
                            };
                            warnings: {
                                /** @enum {string} */
                                code: "irrevocable" | "releases" | "not_revocable" | "shortage" | "quota" | "reserve" | "moving_without_spare" | "joining" | "store_must_be_allowed" | "unfit" | "withheld";
                                /** @description Devices or people that it concerns */
                                count: number;
                                /** @description One or two sentences */
                                text: string;
                            }[];
                            /** @description Taken back by hand: they get none until it is given again */
                            withheld: number;
                        };
                        /** @description Of a plan for one asset */
                        wanted: {
                            groupId: number;
                            /**
                             * @description Needed for an inclusion
                             * @enum {string}
                             */
                            intent?: "required" | "available" | "uninstall";
                            /**
                             * @description Device licenses when left out, user licenses for books
                             * @enum {string}
                             */
                            licenseType?: "device" | "user";
                            /**
                             * @default include
                             * @enum {string}
                             */
                            mode: "include" | "exclude";
                            /**
                             * @description This pool, the pool of the device's country, or the one with the most free
                             * @default own
                             * @enum {string}
                             */
                            pools: "own" | "country" | "most_free";
                            /**
                             * @description Higher is served first, then older
                             * @default 0
                             */
                            priority: number;
                            /**
                             * @description The most licenses that they may hold
                             * @default null
                             */
                            quota: number | null;
                            /**
                             * @description What becomes of a license that nobody needs any more, by unassigned, uninstall, device_left, user_left, app_removed; the default frees it at once. app_removed: the person deleted an app that was asked for, on a device under management; the default keeps the license
                             * @default {}
                             */
                            reclaim: {
                                app_removed?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                device_left?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                unassigned?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                uninstall?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                user_left?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                            };
                            /**
                             * @description Licenses kept for those of this assignment
                             * @default null
                             */
                            reserve: number | null;
                            /** @default null */
                            rollout: {
                                /** @default null */
                                stopAtPercent: number | null;
                                waves: {
                                    /** @description Null: at once; only for the first */
                                    at: string | null;
                                    percent: number;
                                }[];
                            } | null;
                            /** @default {} */
                            settings: {
                                /**
                                 * @description `token`: as the content token says
                                 * @enum {string}
                                 */
                                automaticUpdates?: "token" | "on" | "off";
                                configuration?: {
                                    [key: string]: unknown;
                                } | null;
                                preventBackup?: boolean;
                                removable?: boolean;
                                removeWhenManagementEnds?: boolean;
                                vpnId?: string | null;
                            };
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    applyPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        assignments: {
                            assetId: number;
                            assetName: string;
                            /** Format: date-time */
                            createdAt: string;
                            createdBy: string;
                            group: {
                                id: number;
                                /** @enum {string} */
                                kind: "device" | "user";
                                name: string;
                            };
                            id: number;
                            /** @description Null for an exclusion */
                            intent: ("required" | "available" | "uninstall") | null;
                            /** @enum {string} */
                            licenseType: "device" | "user";
                            /** @enum {string} */
                            mode: "include" | "exclude";
                            /** @enum {string} */
                            pools: "own" | "country" | "most_free";
                            priority: number;
                            quota: number | null;
                            /** @description What becomes of a license that nobody needs any more, by unassigned, uninstall, device_left, user_left, app_removed; the default frees it at once. app_removed: the person deleted an app that was asked for, on a device under management; the default keeps the license */
                            reclaim: {
                                app_removed?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                device_left?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                unassigned?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                uninstall?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                                user_left?: {
                                    /** @enum {string} */
                                    kind: "now" | "keep";
                                } | {
                                    days: number;
                                    /** @enum {string} */
                                    kind: "after";
                                };
                            };
                            reserve: number | null;
                            /** @description Null: for everybody at once */
                            rollout: {
                                nextAt: string | null;
                                /** @description Share of devices in force now */
                                percent: number;
                                stopAtPercent: number | null;
                                stoppedAt: string | null;
                                /** @description The same by a stable code */
                                stoppedCode: ({
                                    /** @enum {string} */
                                    code: "failures";
                                    failed: number;
                                    /** @description Of those tried; stops at this share of failures */
                                    percent: number;
                                    tried: number;
                                } | {
                                    by: string;
                                    /** @enum {string} */
                                    code: "by_hand";
                                } | {
                                    /** @enum {string} */
                                    code: "other";
                                    text: string;
                                }) | null;
                                /** @description In English */
                                stoppedWhy: string | null;
                                waves: {
                                    /** @description Null: at once; only for the first */
                                    at: string | null;
                                    percent: number;
                                }[];
                            } | null;
                            settings: {
                                /**
                                 * @description `token`: as the content token says
                                 * @enum {string}
                                 */
                                automaticUpdates?: "token" | "on" | "off";
                                configuration?: {
                                    [key: string]: unknown;
                                } | null;
                                preventBackup?: boolean;
                                removable?: boolean;
                                removeWhenManagementEnds?: boolean;
                                vpnId?: string | null;
                            };
                            tokenName: string;
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPlanRows: {
        parameters: {
            query: {
                assetId: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                part: "grants" | "waits" | "releases" | "kept" | "cannot";
                /** @description The start of a serial number or user name */
                q?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {string} */
                            code: "required" | "no_license_left" | "quota_reached" | "kept_for_others" | "uninstall" | "no_longer_assigned" | "device_left" | "kept" | "wrong_platform" | "wrong_family" | "os_too_old" | "device_is_anonymous" | "kiosk_has_no_user" | "shared_ipad_has_no_user" | "no_user" | "left_management";
                            deviceId: number | null;
                            deviceName: string | null;
                            /** @description Place among those who wait, from 1 */
                            place: number | null;
                            /** @description One sentence */
                            reason: string;
                            /** @description Null for a person */
                            serialNumber: string | null;
                            userId: number | null;
                            /** @description Of a person who gets a user license */
                            userName: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPushCertificates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PushCertificate"][];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadPushCertificate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    certificate: string;
                    /** @enum {string} */
                    format: "pem";
                    /**
                     * @description Take a certificate with another topic than the present one; devices of the present one enroll again
                     * @default false
                     */
                    newTopic?: boolean;
                    /**
                     * @description Of the key
                     * @default null
                     */
                    password?: string | null;
                    /**
                     * @description Null for the key of the open signing request
                     * @default null
                     */
                    privateKey?: string | null;
                } | {
                    /** Format: byte */
                    file: string;
                    /** @enum {string} */
                    format: "pkcs12";
                    /**
                     * @description Take a certificate with another topic than the present one; devices of the present one enroll again
                     * @default false
                     */
                    newTopic?: boolean;
                    /** @default  */
                    password?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        certificate: components["schemas"]["PushCertificate"];
                        renewed: boolean;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPushSigningRequest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushSigningRequest"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    makePushSigningRequest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description In place of one that is open; a certificate for that is then of no use
                     * @default false
                     */
                    replace?: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushSigningRequest"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloadPushSigningRequest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PKCS #10 as PEM */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-pem-file": string;
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    email: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeAdministrator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The language of the console
                     * @enum {string}
                     */
                    language?: "en" | "nl";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Administrator"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDeclarativeApps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeclarativeApps"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putDeclarativeApps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeclarativeAppsInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeclarativeApps"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSetup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        needed: boolean;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The setup code that the server printed at its first start */
                    code: string;
                    email: string;
                    /**
                     * @description The language of the console
                     * @default en
                     * @enum {string}
                     */
                    language?: "en" | "nl";
                    name: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listShoppingList: {
        parameters: {
            query?: {
                /** @description List what is needed to be safe in nine of ten cases, instead of in half of them */
                cautious?: string;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Days that it should last: 30, 60, 90, 180 or 365 */
                horizon?: number;
                /** @description Rows on a page */
                limit?: number;
                /** @description Of one location */
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            adamId: string;
                            /** Format: date-time */
                            asOf: string;
                            assetId: number;
                            /**
                             * @description Little: fewer than 14 days or than 10 changes
                             * @enum {string}
                             */
                            confidence: "enough_history" | "little_history";
                            /** @description Price × needed, or × neededCautious when cautious is asked for */
                            cost: number | null;
                            country: string;
                            free: number;
                            iconUrl: string | null;
                            name: string;
                            /** @description Enough in half of all courses */
                            needed: number;
                            /** @description Enough in nine of ten; null with little history */
                            neededCautious: number | null;
                            /** @description In the currency of the location's store; null when not known */
                            price: number | null;
                            /** @description As the store writes it, with the currency */
                            priceText: string | null;
                            pricingParam: string;
                            token: {
                                id: number;
                                name: string;
                            };
                            waiting: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportShoppingList: {
        parameters: {
            query?: {
                /** @description List what is needed to be safe in nine of ten cases, instead of in half of them */
                cautious?: string;
                /** @description Days that it should last: 30, 60, 90, 180 or 365 */
                horizon?: number;
                /** @description Of one location */
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Comma-separated, with a header row */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSyncFindings: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            asset: {
                                id: number;
                                name: string;
                            };
                            /** Format: date-time */
                            at: string;
                            /** @description One sentence */
                            cause: string;
                            /**
                             * @description granted: a grant of ours that Apple did late
                             * @enum {string}
                             */
                            change: "found" | "vanished" | "granted";
                            holder: {
                                /** @description A serial number, or a clientUserId */
                                id: string;
                                /** @enum {string} */
                                kind: "device" | "user";
                                /** @description Of the device or user, when the directory knows it */
                                name: string | null;
                            };
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTitleChanges: {
        parameters: {
            query?: {
                adamId?: string;
                /** @description Of one asset and its country's store */
                assetId?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            adamId: string;
                            after: string | null;
                            /** @description For what changed in the licenses of one location */
                            asset: {
                                id: number;
                                tokenName: string;
                            } | null;
                            /**
                             * Format: date-time
                             * @description When it was noticed
                             */
                            at: string;
                            before: string | null;
                            /** @enum {string} */
                            change: "not_in_store" | "in_store_again" | "renamed" | "price_changed" | "not_licensed" | "licensed_again" | "not_device_assignable" | "device_assignable_again" | "became_unlimited" | "became_limited";
                            /** @description Of the store, for what changed there */
                            country: string | null;
                            id: number;
                            name: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTitles: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                kind?: "app" | "mac_app" | "book";
                /** @description Rows on a page */
                limit?: number;
                platform?: "iOS" | "iPadOS" | "macOS" | "tvOS" | "watchOS" | "visionOS";
                /** @description Part of the name, publisher or bundle id in any country, or of the adamId */
                q?: string;
                /** @description A title is shown when one of its pools would be */
                show?: "all" | "waiting" | "shortage" | "unused" | "not_licensed" | "not_in_store" | "not_device_assignable" | "changed";
                sort?: "name" | "available" | "used" | "waiting";
                /** @description Only titles that this location owns */
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            adamId: string;
                            bundleId: string | null;
                            counts: {
                                available: number | null;
                                /** @description Of those used: asked of Apple, not yet confirmed */
                                granting: number;
                                /** @description Of those used: not given by us */
                                heldOutside: number;
                                retired: number;
                                total: number | null;
                                /** @description Pools without a limit; when all are, total and available are null */
                                unlimitedPools: number;
                                /** @description Of pools with a limit */
                                used: number;
                                /** @description Of pools without */
                                usedUnlimited: number;
                                waiting: number;
                            };
                            iconUrl: string | null;
                            /** @enum {string} */
                            kind: "app" | "mac_app" | "book";
                            locations: number;
                            minimumOs: string | null;
                            /** @description Of the oldest location's store that knows it; the adamId while none does */
                            name: string;
                            nameKnown: boolean;
                            notices: {
                                /** @enum {string} */
                                code: "not_licensed" | "not_in_store" | "not_device_assignable" | "changed";
                                /** @description How many it concerns */
                                pools: number;
                            }[];
                            platforms: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "watchOS" | "visionOS")[];
                            /** @description Assets of this title; STDQ and PLUS of a location are two */
                            pools: number;
                            publisher: string | null;
                            /** @description Pools of which none is left */
                            shortPools: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportTitles: {
        parameters: {
            query?: {
                kind?: "app" | "mac_app" | "book";
                platform?: "iOS" | "iPadOS" | "macOS" | "tvOS" | "watchOS" | "visionOS";
                /** @description Part of the name, publisher or bundle id in any country, or of the adamId */
                q?: string;
                /** @description A title is shown when one of its pools would be */
                show?: "all" | "waiting" | "shortage" | "unused" | "not_licensed" | "not_in_store" | "not_device_assignable" | "changed";
                /** @description Only titles that this location owns */
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Comma-separated, with a header row */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTitle: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
            };
            header?: never;
            path: {
                adamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        adamId: string;
                        bundleId: string | null;
                        counts: {
                            available: number | null;
                            /** @description Of those used: asked of Apple, not yet confirmed */
                            granting: number;
                            /** @description Of those used: not given by us */
                            heldOutside: number;
                            retired: number;
                            total: number | null;
                            /** @description Pools without a limit; when all are, total and available are null */
                            unlimitedPools: number;
                            /** @description Of pools with a limit */
                            used: number;
                            /** @description Of pools without */
                            usedUnlimited: number;
                            waiting: number;
                        };
                        iconUrl: string | null;
                        /** @enum {string} */
                        kind: "app" | "mac_app" | "book";
                        locations: number;
                        minimumOs: string | null;
                        /** @description Of the oldest location's store that knows it; the adamId while none does */
                        name: string;
                        nameKnown: boolean;
                        /** @description By country, where the stores do not agree; else empty */
                        names: {
                            country: string;
                            name: string;
                        }[];
                        notices: {
                            /** @enum {string} */
                            code: "not_licensed" | "not_in_store" | "not_device_assignable" | "changed";
                            /** @description How many it concerns */
                            pools: number;
                        }[];
                        platforms: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "watchOS" | "visionOS")[];
                        poolCount: number;
                        pools: {
                            items: {
                                adamId: string;
                                /** @description Assignments of this asset */
                                assignments: number;
                                /** Format: date-time */
                                countedAt: string;
                                country: string;
                                counts: {
                                    available: number | null;
                                    /** @description Of used: asked of Apple, not yet confirmed */
                                    granting: number;
                                    /** @description Of used: not given by us, never released by us */
                                    heldOutside: number;
                                    retired: number;
                                    total: number | null;
                                    /** @description S7: then total and available are null */
                                    unlimited: boolean;
                                    used: number;
                                    /** @description Required targets without a license */
                                    waiting: number;
                                    /** @description Required targets from which it was taken back; not waiting */
                                    withheld: number;
                                };
                                deviceAssignable: boolean;
                                /** @description Since when Apple no longer lists it */
                                goneAt: string | null;
                                id: number;
                                /** @description C4: what was noticed, the gravest first */
                                notices: {
                                    /** @enum {string} */
                                    code: "not_licensed" | "not_in_store" | "not_device_assignable" | "changed";
                                    /** Format: date-time */
                                    since: string;
                                }[];
                                /** @description C2: by the license service or the store */
                                platforms: ("iOS" | "iPadOS" | "macOS" | "tvOS" | "watchOS" | "visionOS")[];
                                pricingParam: string;
                                revocable: boolean;
                                title: {
                                    bundleId: string | null;
                                    description: string | null;
                                    genres: string[];
                                    /** @description Served by this server */
                                    iconUrl: string | null;
                                    isCustom: boolean;
                                    /** @enum {string} */
                                    kind: "app" | "mac_app" | "book";
                                    minimumOs: string | null;
                                    /** @description Apple's name; the adamId while it is not known */
                                    name: string;
                                    nameKnown: boolean;
                                    priceText: string | null;
                                    publisher: string | null;
                                    storeUrl: string | null;
                                    version: string | null;
                                };
                                token: {
                                    /** @description When counts and holders of the location were last known to agree with Apple */
                                    exactAsOf: string | null;
                                    id: number;
                                    name: string;
                                };
                            }[];
                            nextCursor: string | null;
                        };
                        publisher: string | null;
                        /** @description Pools of which none is left */
                        shortPools: number;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description The managed Apple Account the token belongs to */
                            account: string | null;
                            /** @enum {string} */
                            accountType: "business" | "education";
                            /** @description The country that Apple says; null until it was read */
                            appleCountry: string | null;
                            automaticUpdates: boolean;
                            /** @description When every license was last compared one by one; once a week by itself */
                            comparedAt: string | null;
                            /** @description The store that names, icons and links are taken from */
                            country: string;
                            counts: {
                                assets: number;
                                available: number;
                                /** @description Of used, without unlimited assets */
                                heldOutside: number;
                                /** @description Without unlimited assets */
                                total: number;
                                /** @description Without unlimited assets */
                                used: number;
                                waiting: number;
                            };
                            /** @description When counts and holders were last known to agree with Apple */
                            exactAsOf: string | null;
                            /** Format: date-time */
                            expiresAt: string;
                            /** @description How the connection of this location to Apple stands (T8) */
                            health: {
                                /** @description The worst first */
                                reasons: {
                                    at: string | null;
                                    /** @enum {string} */
                                    code: "token_duplicate" | "token_managed_elsewhere" | "token_revoked" | "token_invalid" | "token_expired" | "token_expiring" | "deletion_blocked" | "apple_silent" | "sync_failing" | "sync_overdue" | "operations_stuck" | "operations_failing" | "notifications_off" | "slowed_down";
                                    count: number | null;
                                    /** @enum {string} */
                                    severity: "warning" | "unhealthy";
                                    /** @description One sentence: what holds and what to do */
                                    text: string;
                                }[];
                                /** @enum {string} */
                                status: "healthy" | "warning" | "unhealthy";
                            };
                            id: number;
                            /** @description When Apple last answered to this token */
                            lastAnswerAt: string | null;
                            /** @description The test of a registration included */
                            lastNotificationAt: string | null;
                            latestSync: {
                                /** Format: date-time */
                                askedAt: string;
                                /** @description Assets read anew because their counts did not add up */
                                assetsReread: number;
                                assetsSeen: number;
                                /**
                                 * @description drift: something did not add up; sweep: a look in between that found something
                                 * @enum {string}
                                 */
                                cause: "first" | "schedule" | "administrator" | "drift" | "sweep";
                                finishedAt: string | null;
                                /** Format: uuid */
                                id: string;
                                /** @description Licenses that Apple has and we did not know */
                                licensesFound: number;
                                /** @description Licenses that we knew and Apple no longer has */
                                licensesGone: number;
                                licensesSeen: number;
                                pagesDone: number;
                                /** @description Pages of the present phase, once known */
                                pagesTotal: number | null;
                                phase: ("connect" | "assets" | "users" | "licenses" | "compare" | "titles") | null;
                                problem: {
                                    code: string;
                                    detail: string;
                                } | null;
                                /**
                                 * @description What changed since the last look, or every license one by one
                                 * @enum {string}
                                 */
                                scope: "changes" | "everything";
                                startedAt: string | null;
                                /** @enum {string} */
                                state: "waiting" | "running" | "done" | "failed";
                                usersSeen: number;
                            } | null;
                            /** @description The token is being deleted; see its deletion */
                            leaving: {
                                by: string;
                                /** @enum {string} */
                                licenses: "release" | "leave";
                                /** @enum {string} */
                                phase: "releasing" | "unclaiming" | "deleting";
                                /** Format: date-time */
                                since: string;
                            } | null;
                            locationName: string | null;
                            managedBy: {
                                id: string | null;
                                /** @description It has released the location since; nobody manages it now */
                                letGo: boolean;
                                /** @description What that service says of itself, such as its address */
                                metadata: string | null;
                                name: string | null;
                            } | null;
                            /** @description The name the administrator gave */
                            name: string;
                            /** Format: date-time */
                            nextSyncAt: string;
                            /**
                             * @description Whether Apple notifies us; polling works without
                             * @enum {string}
                             */
                            notifications: "on" | "off";
                            notificationsOff: {
                                /** @enum {string} */
                                code: "no_address" | "unreachable" | "unheard" | "silent" | "unregistered";
                                since: string | null;
                                /** @description One sentence: why, and what to do */
                                text: string;
                            } | null;
                            organizationName: string;
                            /** @enum {string} */
                            state: "valid" | "expiring" | "expired" | "revoked" | "invalid" | "managed_elsewhere" | "duplicate" | "leaving";
                            /** @description One sentence: what holds and what to do */
                            stateReason: string;
                            /** @description The look every few minutes between two syncs */
                            sweep: {
                                /** @description When counts and changes were last read */
                                at: string | null;
                                problem: {
                                    code: string;
                                    detail: string;
                                } | null;
                            };
                            syncEveryMinutes: number;
                            /** @description Apple's id of the location */
                            uid: string;
                            /** @description In the device’s own time zone, else in `zone`; null: at any hour */
                            updateHours: {
                                from: string;
                                /** @description Before `from` means the next morning */
                                until: string;
                                zone: string;
                            } | null;
                            /** Format: date-time */
                            uploadedAt: string;
                            /** @description Where the location is managed at Apple */
                            websiteUrl: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    account?: string;
                    /**
                     * @description Default: as Apple says
                     * @enum {string}
                     */
                    accountType?: "business" | "education";
                    /** @default false */
                    automaticUpdates?: boolean;
                    /** @description Consent to send serial numbers and user ids to Apple; must be true */
                    consent: boolean;
                    /** @description The text of the .vpptoken file, exactly as downloaded from Apple */
                    content: string;
                    /** @description Default: as Apple says */
                    country?: string;
                    /** @description Default: the location’s name at Apple */
                    name?: string;
                    /**
                     * @description Take the location over from another device-management service
                     * @default false
                     */
                    takeOver?: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The managed Apple Account the token belongs to */
                        account: string | null;
                        /** @enum {string} */
                        accountType: "business" | "education";
                        /** @description The country that Apple says; null until it was read */
                        appleCountry: string | null;
                        automaticUpdates: boolean;
                        /** @description When every license was last compared one by one; once a week by itself */
                        comparedAt: string | null;
                        /** @description The store that names, icons and links are taken from */
                        country: string;
                        counts: {
                            assets: number;
                            available: number;
                            /** @description Of used, without unlimited assets */
                            heldOutside: number;
                            /** @description Without unlimited assets */
                            total: number;
                            /** @description Without unlimited assets */
                            used: number;
                            waiting: number;
                        };
                        /** @description When counts and holders were last known to agree with Apple */
                        exactAsOf: string | null;
                        /** Format: date-time */
                        expiresAt: string;
                        /** @description How the connection of this location to Apple stands (T8) */
                        health: {
                            /** @description The worst first */
                            reasons: {
                                at: string | null;
                                /** @enum {string} */
                                code: "token_duplicate" | "token_managed_elsewhere" | "token_revoked" | "token_invalid" | "token_expired" | "token_expiring" | "deletion_blocked" | "apple_silent" | "sync_failing" | "sync_overdue" | "operations_stuck" | "operations_failing" | "notifications_off" | "slowed_down";
                                count: number | null;
                                /** @enum {string} */
                                severity: "warning" | "unhealthy";
                                /** @description One sentence: what holds and what to do */
                                text: string;
                            }[];
                            /** @enum {string} */
                            status: "healthy" | "warning" | "unhealthy";
                        };
                        id: number;
                        /** @description When Apple last answered to this token */
                        lastAnswerAt: string | null;
                        /** @description The test of a registration included */
                        lastNotificationAt: string | null;
                        latestSync: {
                            /** Format: date-time */
                            askedAt: string;
                            /** @description Assets read anew because their counts did not add up */
                            assetsReread: number;
                            assetsSeen: number;
                            /**
                             * @description drift: something did not add up; sweep: a look in between that found something
                             * @enum {string}
                             */
                            cause: "first" | "schedule" | "administrator" | "drift" | "sweep";
                            finishedAt: string | null;
                            /** Format: uuid */
                            id: string;
                            /** @description Licenses that Apple has and we did not know */
                            licensesFound: number;
                            /** @description Licenses that we knew and Apple no longer has */
                            licensesGone: number;
                            licensesSeen: number;
                            pagesDone: number;
                            /** @description Pages of the present phase, once known */
                            pagesTotal: number | null;
                            phase: ("connect" | "assets" | "users" | "licenses" | "compare" | "titles") | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                            /**
                             * @description What changed since the last look, or every license one by one
                             * @enum {string}
                             */
                            scope: "changes" | "everything";
                            startedAt: string | null;
                            /** @enum {string} */
                            state: "waiting" | "running" | "done" | "failed";
                            usersSeen: number;
                        } | null;
                        /** @description The token is being deleted; see its deletion */
                        leaving: {
                            by: string;
                            /** @enum {string} */
                            licenses: "release" | "leave";
                            /** @enum {string} */
                            phase: "releasing" | "unclaiming" | "deleting";
                            /** Format: date-time */
                            since: string;
                        } | null;
                        locationName: string | null;
                        managedBy: {
                            id: string | null;
                            /** @description It has released the location since; nobody manages it now */
                            letGo: boolean;
                            /** @description What that service says of itself, such as its address */
                            metadata: string | null;
                            name: string | null;
                        } | null;
                        /** @description The name the administrator gave */
                        name: string;
                        /** Format: date-time */
                        nextSyncAt: string;
                        /**
                         * @description Whether Apple notifies us; polling works without
                         * @enum {string}
                         */
                        notifications: "on" | "off";
                        notificationsOff: {
                            /** @enum {string} */
                            code: "no_address" | "unreachable" | "unheard" | "silent" | "unregistered";
                            since: string | null;
                            /** @description One sentence: why, and what to do */
                            text: string;
                        } | null;
                        organizationName: string;
                        /** @enum {string} */
                        state: "valid" | "expiring" | "expired" | "revoked" | "invalid" | "managed_elsewhere" | "duplicate" | "leaving";
                        /** @description One sentence: what holds and what to do */
                        stateReason: string;
                        /** @description The look every few minutes between two syncs */
                        sweep: {
                            /** @description When counts and changes were last read */
                            at: string | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                        };
                        syncEveryMinutes: number;
                        /** @description Apple's id of the location */
                        uid: string;
                        /** @description In the device’s own time zone, else in `zone`; null: at any hour */
                        updateHours: {
                            from: string;
                            /** @description Before `from` means the next morning */
                            until: string;
                            zone: string;
                        } | null;
                        /** Format: date-time */
                        uploadedAt: string;
                        /** @description Where the location is managed at Apple */
                        websiteUrl: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The managed Apple Account the token belongs to */
                        account: string | null;
                        /** @enum {string} */
                        accountType: "business" | "education";
                        /** @description The country that Apple says; null until it was read */
                        appleCountry: string | null;
                        automaticUpdates: boolean;
                        /** @description When every license was last compared one by one; once a week by itself */
                        comparedAt: string | null;
                        /** @description The store that names, icons and links are taken from */
                        country: string;
                        counts: {
                            assets: number;
                            available: number;
                            /** @description Of used, without unlimited assets */
                            heldOutside: number;
                            /** @description Without unlimited assets */
                            total: number;
                            /** @description Without unlimited assets */
                            used: number;
                            waiting: number;
                        };
                        /** @description When counts and holders were last known to agree with Apple */
                        exactAsOf: string | null;
                        /** Format: date-time */
                        expiresAt: string;
                        /** @description How the connection of this location to Apple stands (T8) */
                        health: {
                            /** @description The worst first */
                            reasons: {
                                at: string | null;
                                /** @enum {string} */
                                code: "token_duplicate" | "token_managed_elsewhere" | "token_revoked" | "token_invalid" | "token_expired" | "token_expiring" | "deletion_blocked" | "apple_silent" | "sync_failing" | "sync_overdue" | "operations_stuck" | "operations_failing" | "notifications_off" | "slowed_down";
                                count: number | null;
                                /** @enum {string} */
                                severity: "warning" | "unhealthy";
                                /** @description One sentence: what holds and what to do */
                                text: string;
                            }[];
                            /** @enum {string} */
                            status: "healthy" | "warning" | "unhealthy";
                        };
                        id: number;
                        /** @description When Apple last answered to this token */
                        lastAnswerAt: string | null;
                        /** @description The test of a registration included */
                        lastNotificationAt: string | null;
                        latestSync: {
                            /** Format: date-time */
                            askedAt: string;
                            /** @description Assets read anew because their counts did not add up */
                            assetsReread: number;
                            assetsSeen: number;
                            /**
                             * @description drift: something did not add up; sweep: a look in between that found something
                             * @enum {string}
                             */
                            cause: "first" | "schedule" | "administrator" | "drift" | "sweep";
                            finishedAt: string | null;
                            /** Format: uuid */
                            id: string;
                            /** @description Licenses that Apple has and we did not know */
                            licensesFound: number;
                            /** @description Licenses that we knew and Apple no longer has */
                            licensesGone: number;
                            licensesSeen: number;
                            pagesDone: number;
                            /** @description Pages of the present phase, once known */
                            pagesTotal: number | null;
                            phase: ("connect" | "assets" | "users" | "licenses" | "compare" | "titles") | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                            /**
                             * @description What changed since the last look, or every license one by one
                             * @enum {string}
                             */
                            scope: "changes" | "everything";
                            startedAt: string | null;
                            /** @enum {string} */
                            state: "waiting" | "running" | "done" | "failed";
                            usersSeen: number;
                        } | null;
                        /** @description The token is being deleted; see its deletion */
                        leaving: {
                            by: string;
                            /** @enum {string} */
                            licenses: "release" | "leave";
                            /** @enum {string} */
                            phase: "releasing" | "unclaiming" | "deleting";
                            /** Format: date-time */
                            since: string;
                        } | null;
                        locationName: string | null;
                        managedBy: {
                            id: string | null;
                            /** @description It has released the location since; nobody manages it now */
                            letGo: boolean;
                            /** @description What that service says of itself, such as its address */
                            metadata: string | null;
                            name: string | null;
                        } | null;
                        /** @description The name the administrator gave */
                        name: string;
                        /** Format: date-time */
                        nextSyncAt: string;
                        /**
                         * @description Whether Apple notifies us; polling works without
                         * @enum {string}
                         */
                        notifications: "on" | "off";
                        notificationsOff: {
                            /** @enum {string} */
                            code: "no_address" | "unreachable" | "unheard" | "silent" | "unregistered";
                            since: string | null;
                            /** @description One sentence: why, and what to do */
                            text: string;
                        } | null;
                        organizationName: string;
                        /** @enum {string} */
                        state: "valid" | "expiring" | "expired" | "revoked" | "invalid" | "managed_elsewhere" | "duplicate" | "leaving";
                        /** @description One sentence: what holds and what to do */
                        stateReason: string;
                        /** @description The look every few minutes between two syncs */
                        sweep: {
                            /** @description When counts and changes were last read */
                            at: string | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                        };
                        syncEveryMinutes: number;
                        /** @description Apple's id of the location */
                        uid: string;
                        /** @description In the device’s own time zone, else in `zone`; null: at any hour */
                        updateHours: {
                            from: string;
                            /** @description Before `from` means the next morning */
                            until: string;
                            zone: string;
                        } | null;
                        /** Format: date-time */
                        uploadedAt: string;
                        /** @description Where the location is managed at Apple */
                        websiteUrl: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    account?: string | null;
                    /** @enum {string} */
                    accountType?: "business" | "education";
                    automaticUpdates?: boolean;
                    country?: string;
                    name?: string;
                    syncEveryMinutes?: number;
                    /** @description In the device’s own time zone, else in `zone`; null: at any hour */
                    updateHours?: {
                        from: string;
                        /** @description Before `from` means the next morning */
                        until: string;
                        zone: string;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The managed Apple Account the token belongs to */
                        account: string | null;
                        /** @enum {string} */
                        accountType: "business" | "education";
                        /** @description The country that Apple says; null until it was read */
                        appleCountry: string | null;
                        automaticUpdates: boolean;
                        /** @description When every license was last compared one by one; once a week by itself */
                        comparedAt: string | null;
                        /** @description The store that names, icons and links are taken from */
                        country: string;
                        counts: {
                            assets: number;
                            available: number;
                            /** @description Of used, without unlimited assets */
                            heldOutside: number;
                            /** @description Without unlimited assets */
                            total: number;
                            /** @description Without unlimited assets */
                            used: number;
                            waiting: number;
                        };
                        /** @description When counts and holders were last known to agree with Apple */
                        exactAsOf: string | null;
                        /** Format: date-time */
                        expiresAt: string;
                        /** @description How the connection of this location to Apple stands (T8) */
                        health: {
                            /** @description The worst first */
                            reasons: {
                                at: string | null;
                                /** @enum {string} */
                                code: "token_duplicate" | "token_managed_elsewhere" | "token_revoked" | "token_invalid" | "token_expired" | "token_expiring" | "deletion_blocked" | "apple_silent" | "sync_failing" | "sync_overdue" | "operations_stuck" | "operations_failing" | "notifications_off" | "slowed_down";
                                count: number | null;
                                /** @enum {string} */
                                severity: "warning" | "unhealthy";
                                /** @description One sentence: what holds and what to do */
                                text: string;
                            }[];
                            /** @enum {string} */
                            status: "healthy" | "warning" | "unhealthy";
                        };
                        id: number;
                        /** @description When Apple last answered to this token */
                        lastAnswerAt: string | null;
                        /** @description The test of a registration included */
                        lastNotificationAt: string | null;
                        latestSync: {
                            /** Format: date-time */
                            askedAt: string;
                            /** @description Assets read anew because their counts did not add up */
                            assetsReread: number;
                            assetsSeen: number;
                            /**
                             * @description drift: something did not add up; sweep: a look in between that found something
                             * @enum {string}
                             */
                            cause: "first" | "schedule" | "administrator" | "drift" | "sweep";
                            finishedAt: string | null;
                            /** Format: uuid */
                            id: string;
                            /** @description Licenses that Apple has and we did not know */
                            licensesFound: number;
                            /** @description Licenses that we knew and Apple no longer has */
                            licensesGone: number;
                            licensesSeen: number;
                            pagesDone: number;
                            /** @description Pages of the present phase, once known */
                            pagesTotal: number | null;
                            phase: ("connect" | "assets" | "users" | "licenses" | "compare" | "titles") | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                            /**
                             * @description What changed since the last look, or every license one by one
                             * @enum {string}
                             */
                            scope: "changes" | "everything";
                            startedAt: string | null;
                            /** @enum {string} */
                            state: "waiting" | "running" | "done" | "failed";
                            usersSeen: number;
                        } | null;
                        /** @description The token is being deleted; see its deletion */
                        leaving: {
                            by: string;
                            /** @enum {string} */
                            licenses: "release" | "leave";
                            /** @enum {string} */
                            phase: "releasing" | "unclaiming" | "deleting";
                            /** Format: date-time */
                            since: string;
                        } | null;
                        locationName: string | null;
                        managedBy: {
                            id: string | null;
                            /** @description It has released the location since; nobody manages it now */
                            letGo: boolean;
                            /** @description What that service says of itself, such as its address */
                            metadata: string | null;
                            name: string | null;
                        } | null;
                        /** @description The name the administrator gave */
                        name: string;
                        /** Format: date-time */
                        nextSyncAt: string;
                        /**
                         * @description Whether Apple notifies us; polling works without
                         * @enum {string}
                         */
                        notifications: "on" | "off";
                        notificationsOff: {
                            /** @enum {string} */
                            code: "no_address" | "unreachable" | "unheard" | "silent" | "unregistered";
                            since: string | null;
                            /** @description One sentence: why, and what to do */
                            text: string;
                        } | null;
                        organizationName: string;
                        /** @enum {string} */
                        state: "valid" | "expiring" | "expired" | "revoked" | "invalid" | "managed_elsewhere" | "duplicate" | "leaving";
                        /** @description One sentence: what holds and what to do */
                        stateReason: string;
                        /** @description The look every few minutes between two syncs */
                        sweep: {
                            /** @description When counts and changes were last read */
                            at: string | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                        };
                        syncEveryMinutes: number;
                        /** @description Apple's id of the location */
                        uid: string;
                        /** @description In the device’s own time zone, else in `zone`; null: at any hour */
                        updateHours: {
                            from: string;
                            /** @description Before `from` means the next morning */
                            until: string;
                            zone: string;
                        } | null;
                        /** Format: date-time */
                        uploadedAt: string;
                        /** @description Where the location is managed at Apple */
                        websiteUrl: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claimToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Explicit consent: the other service loses the location
                     * @enum {boolean}
                     */
                    takeOver: true;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The managed Apple Account the token belongs to */
                        account: string | null;
                        /** @enum {string} */
                        accountType: "business" | "education";
                        /** @description The country that Apple says; null until it was read */
                        appleCountry: string | null;
                        automaticUpdates: boolean;
                        /** @description When every license was last compared one by one; once a week by itself */
                        comparedAt: string | null;
                        /** @description The store that names, icons and links are taken from */
                        country: string;
                        counts: {
                            assets: number;
                            available: number;
                            /** @description Of used, without unlimited assets */
                            heldOutside: number;
                            /** @description Without unlimited assets */
                            total: number;
                            /** @description Without unlimited assets */
                            used: number;
                            waiting: number;
                        };
                        /** @description When counts and holders were last known to agree with Apple */
                        exactAsOf: string | null;
                        /** Format: date-time */
                        expiresAt: string;
                        /** @description How the connection of this location to Apple stands (T8) */
                        health: {
                            /** @description The worst first */
                            reasons: {
                                at: string | null;
                                /** @enum {string} */
                                code: "token_duplicate" | "token_managed_elsewhere" | "token_revoked" | "token_invalid" | "token_expired" | "token_expiring" | "deletion_blocked" | "apple_silent" | "sync_failing" | "sync_overdue" | "operations_stuck" | "operations_failing" | "notifications_off" | "slowed_down";
                                count: number | null;
                                /** @enum {string} */
                                severity: "warning" | "unhealthy";
                                /** @description One sentence: what holds and what to do */
                                text: string;
                            }[];
                            /** @enum {string} */
                            status: "healthy" | "warning" | "unhealthy";
                        };
                        id: number;
                        /** @description When Apple last answered to this token */
                        lastAnswerAt: string | null;
                        /** @description The test of a registration included */
                        lastNotificationAt: string | null;
                        latestSync: {
                            /** Format: date-time */
                            askedAt: string;
                            /** @description Assets read anew because their counts did not add up */
                            assetsReread: number;
                            assetsSeen: number;
                            /**
                             * @description drift: something did not add up; sweep: a look in between that found something
                             * @enum {string}
                             */
                            cause: "first" | "schedule" | "administrator" | "drift" | "sweep";
                            finishedAt: string | null;
                            /** Format: uuid */
                            id: string;
                            /** @description Licenses that Apple has and we did not know */
                            licensesFound: number;
                            /** @description Licenses that we knew and Apple no longer has */
                            licensesGone: number;
                            licensesSeen: number;
                            pagesDone: number;
                            /** @description Pages of the present phase, once known */
                            pagesTotal: number | null;
                            phase: ("connect" | "assets" | "users" | "licenses" | "compare" | "titles") | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                            /**
                             * @description What changed since the last look, or every license one by one
                             * @enum {string}
                             */
                            scope: "changes" | "everything";
                            startedAt: string | null;
                            /** @enum {string} */
                            state: "waiting" | "running" | "done" | "failed";
                            usersSeen: number;
                        } | null;
                        /** @description The token is being deleted; see its deletion */
                        leaving: {
                            by: string;
                            /** @enum {string} */
                            licenses: "release" | "leave";
                            /** @enum {string} */
                            phase: "releasing" | "unclaiming" | "deleting";
                            /** Format: date-time */
                            since: string;
                        } | null;
                        locationName: string | null;
                        managedBy: {
                            id: string | null;
                            /** @description It has released the location since; nobody manages it now */
                            letGo: boolean;
                            /** @description What that service says of itself, such as its address */
                            metadata: string | null;
                            name: string | null;
                        } | null;
                        /** @description The name the administrator gave */
                        name: string;
                        /** Format: date-time */
                        nextSyncAt: string;
                        /**
                         * @description Whether Apple notifies us; polling works without
                         * @enum {string}
                         */
                        notifications: "on" | "off";
                        notificationsOff: {
                            /** @enum {string} */
                            code: "no_address" | "unreachable" | "unheard" | "silent" | "unregistered";
                            since: string | null;
                            /** @description One sentence: why, and what to do */
                            text: string;
                        } | null;
                        organizationName: string;
                        /** @enum {string} */
                        state: "valid" | "expiring" | "expired" | "revoked" | "invalid" | "managed_elsewhere" | "duplicate" | "leaving";
                        /** @description One sentence: what holds and what to do */
                        stateReason: string;
                        /** @description The look every few minutes between two syncs */
                        sweep: {
                            /** @description When counts and changes were last read */
                            at: string | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                        };
                        syncEveryMinutes: number;
                        /** @description Apple's id of the location */
                        uid: string;
                        /** @description In the device’s own time zone, else in `zone`; null: at any hour */
                        updateHours: {
                            from: string;
                            /** @description Before `from` means the next morning */
                            until: string;
                            zone: string;
                        } | null;
                        /** Format: date-time */
                        uploadedAt: string;
                        /** @description Where the location is managed at Apple */
                        websiteUrl: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renewToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The new token may expire before the present one
                     * @default false
                     */
                    acceptEarlier?: boolean;
                    /** @description The text of the .vpptoken file, exactly as downloaded from Apple */
                    content: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The managed Apple Account the token belongs to */
                        account: string | null;
                        /** @enum {string} */
                        accountType: "business" | "education";
                        /** @description The country that Apple says; null until it was read */
                        appleCountry: string | null;
                        automaticUpdates: boolean;
                        /** @description When every license was last compared one by one; once a week by itself */
                        comparedAt: string | null;
                        /** @description The store that names, icons and links are taken from */
                        country: string;
                        counts: {
                            assets: number;
                            available: number;
                            /** @description Of used, without unlimited assets */
                            heldOutside: number;
                            /** @description Without unlimited assets */
                            total: number;
                            /** @description Without unlimited assets */
                            used: number;
                            waiting: number;
                        };
                        /** @description When counts and holders were last known to agree with Apple */
                        exactAsOf: string | null;
                        /** Format: date-time */
                        expiresAt: string;
                        /** @description How the connection of this location to Apple stands (T8) */
                        health: {
                            /** @description The worst first */
                            reasons: {
                                at: string | null;
                                /** @enum {string} */
                                code: "token_duplicate" | "token_managed_elsewhere" | "token_revoked" | "token_invalid" | "token_expired" | "token_expiring" | "deletion_blocked" | "apple_silent" | "sync_failing" | "sync_overdue" | "operations_stuck" | "operations_failing" | "notifications_off" | "slowed_down";
                                count: number | null;
                                /** @enum {string} */
                                severity: "warning" | "unhealthy";
                                /** @description One sentence: what holds and what to do */
                                text: string;
                            }[];
                            /** @enum {string} */
                            status: "healthy" | "warning" | "unhealthy";
                        };
                        id: number;
                        /** @description When Apple last answered to this token */
                        lastAnswerAt: string | null;
                        /** @description The test of a registration included */
                        lastNotificationAt: string | null;
                        latestSync: {
                            /** Format: date-time */
                            askedAt: string;
                            /** @description Assets read anew because their counts did not add up */
                            assetsReread: number;
                            assetsSeen: number;
                            /**
                             * @description drift: something did not add up; sweep: a look in between that found something
                             * @enum {string}
                             */
                            cause: "first" | "schedule" | "administrator" | "drift" | "sweep";
                            finishedAt: string | null;
                            /** Format: uuid */
                            id: string;
                            /** @description Licenses that Apple has and we did not know */
                            licensesFound: number;
                            /** @description Licenses that we knew and Apple no longer has */
                            licensesGone: number;
                            licensesSeen: number;
                            pagesDone: number;
                            /** @description Pages of the present phase, once known */
                            pagesTotal: number | null;
                            phase: ("connect" | "assets" | "users" | "licenses" | "compare" | "titles") | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                            /**
                             * @description What changed since the last look, or every license one by one
                             * @enum {string}
                             */
                            scope: "changes" | "everything";
                            startedAt: string | null;
                            /** @enum {string} */
                            state: "waiting" | "running" | "done" | "failed";
                            usersSeen: number;
                        } | null;
                        /** @description The token is being deleted; see its deletion */
                        leaving: {
                            by: string;
                            /** @enum {string} */
                            licenses: "release" | "leave";
                            /** @enum {string} */
                            phase: "releasing" | "unclaiming" | "deleting";
                            /** Format: date-time */
                            since: string;
                        } | null;
                        locationName: string | null;
                        managedBy: {
                            id: string | null;
                            /** @description It has released the location since; nobody manages it now */
                            letGo: boolean;
                            /** @description What that service says of itself, such as its address */
                            metadata: string | null;
                            name: string | null;
                        } | null;
                        /** @description The name the administrator gave */
                        name: string;
                        /** Format: date-time */
                        nextSyncAt: string;
                        /**
                         * @description Whether Apple notifies us; polling works without
                         * @enum {string}
                         */
                        notifications: "on" | "off";
                        notificationsOff: {
                            /** @enum {string} */
                            code: "no_address" | "unreachable" | "unheard" | "silent" | "unregistered";
                            since: string | null;
                            /** @description One sentence: why, and what to do */
                            text: string;
                        } | null;
                        organizationName: string;
                        /** @enum {string} */
                        state: "valid" | "expiring" | "expired" | "revoked" | "invalid" | "managed_elsewhere" | "duplicate" | "leaving";
                        /** @description One sentence: what holds and what to do */
                        stateReason: string;
                        /** @description The look every few minutes between two syncs */
                        sweep: {
                            /** @description When counts and changes were last read */
                            at: string | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                        };
                        syncEveryMinutes: number;
                        /** @description Apple's id of the location */
                        uid: string;
                        /** @description In the device’s own time zone, else in `zone`; null: at any hour */
                        updateHours: {
                            from: string;
                            /** @description Before `from` means the next morning */
                            until: string;
                            zone: string;
                        } | null;
                        /** Format: date-time */
                        uploadedAt: string;
                        /** @description Where the location is managed at Apple */
                        websiteUrl: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewCountryChange: {
        parameters: {
            query: {
                country: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The country that Apple says of the location */
                        appleCountry: string | null;
                        from: string;
                        /** @description Known there: names, icons and links change at the next sync */
                        known: number;
                        /** @description Not sold there: they stay as they are */
                        missing: number;
                        /** @description At most 10 */
                        renamed: {
                            from: string;
                            to: string;
                        }[];
                        titles: number;
                        to: string;
                        /** @description Not asked for there yet: the next sync tells */
                        unread: number;
                        /** @description Sentences for a person */
                        warnings: string[];
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTokenDeletion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        end: {
                            /** Format: date-time */
                            at: string;
                            by: string;
                            /**
                             * @description Whether Apple still names Apportion as the one that manages the location
                             * @enum {string}
                             */
                            claim: "cleared" | "marked" | "not_ours" | "failed";
                            claimDetail: string | null;
                            name: string;
                        } | null;
                        preview: {
                            /** @description Apps stay on devices without a license, and stop after so many days */
                            appsStopAfterDays: number;
                            assets: {
                                count: number;
                                /** @description Those with most licenses, at most 20 */
                                sample: {
                                    assetId: number;
                                    assignments: number;
                                    name: string;
                                    ours: number;
                                    outside: number;
                                    revocable: boolean;
                                }[];
                            };
                            /** @description Assignments that vanish */
                            assignments: number;
                            /** @description Why licenses cannot be taken back with this token now */
                            cannotRelease: string | null;
                            /** @description Groups that they are made to */
                            groups: number;
                            holders: {
                                /** @description Devices that would lose licenses */
                                devices: number;
                                /** @description At most 20 */
                                sample: {
                                    /** @description Serial number, or the id under which Apple knows the user */
                                    id: string;
                                    /** @enum {string} */
                                    kind: "device" | "user";
                                    licenses: number;
                                    name: string | null;
                                }[];
                                users: number;
                            };
                            licenses: {
                                /** @description Being given at this moment; not sent to Apple any more where possible */
                                granting: number;
                                /** @description Given by Apportion and never taken back by Apple, such as books */
                                irrevocable: number;
                                /** @description Given by Apportion; taken back or left, as chosen */
                                ours: number;
                                /** @description Given by another service; they stay */
                                outside: number;
                            };
                            name: string;
                            /** @description Devices that wait for a license and will not get it */
                            waiting: number;
                        } | null;
                        progress: {
                            askedAgainAt: string | null;
                            /** @description Why it cannot go on, and what to do */
                            blocked: {
                                text: string;
                                /** @enum {string} */
                                why: "token" | "refused";
                            } | null;
                            by: string;
                            /**
                             * @description What becomes of the licenses that Apportion gave: taken back first, or left with their holders
                             * @enum {string}
                             */
                            licenses: "release" | "leave";
                            mayCancel: boolean;
                            openOperations: number;
                            /**
                             * @description Licenses come back; the claim at Apple is released; what is stored is deleted
                             * @enum {string}
                             */
                            phase: "releasing" | "unclaiming" | "deleting";
                            /** @description Apple refused to take them back, and is asked again */
                            refused: number;
                            released: number;
                            releasing: number;
                            /** Format: date-time */
                            since: string;
                            /** @description Licenses that were to come back when it began */
                            total: number;
                        } | null;
                        /** @enum {string} */
                        state: "none" | "running" | "deleted";
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startTokenDeletion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What becomes of the licenses that Apportion gave: taken back first, or left with their holders
                     * @enum {string}
                     */
                    licenses: "release" | "leave";
                    /** @description The name of the token, as a proof that this one is meant */
                    name: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        end: {
                            /** Format: date-time */
                            at: string;
                            by: string;
                            /**
                             * @description Whether Apple still names Apportion as the one that manages the location
                             * @enum {string}
                             */
                            claim: "cleared" | "marked" | "not_ours" | "failed";
                            claimDetail: string | null;
                            name: string;
                        } | null;
                        preview: {
                            /** @description Apps stay on devices without a license, and stop after so many days */
                            appsStopAfterDays: number;
                            assets: {
                                count: number;
                                /** @description Those with most licenses, at most 20 */
                                sample: {
                                    assetId: number;
                                    assignments: number;
                                    name: string;
                                    ours: number;
                                    outside: number;
                                    revocable: boolean;
                                }[];
                            };
                            /** @description Assignments that vanish */
                            assignments: number;
                            /** @description Why licenses cannot be taken back with this token now */
                            cannotRelease: string | null;
                            /** @description Groups that they are made to */
                            groups: number;
                            holders: {
                                /** @description Devices that would lose licenses */
                                devices: number;
                                /** @description At most 20 */
                                sample: {
                                    /** @description Serial number, or the id under which Apple knows the user */
                                    id: string;
                                    /** @enum {string} */
                                    kind: "device" | "user";
                                    licenses: number;
                                    name: string | null;
                                }[];
                                users: number;
                            };
                            licenses: {
                                /** @description Being given at this moment; not sent to Apple any more where possible */
                                granting: number;
                                /** @description Given by Apportion and never taken back by Apple, such as books */
                                irrevocable: number;
                                /** @description Given by Apportion; taken back or left, as chosen */
                                ours: number;
                                /** @description Given by another service; they stay */
                                outside: number;
                            };
                            name: string;
                            /** @description Devices that wait for a license and will not get it */
                            waiting: number;
                        } | null;
                        progress: {
                            askedAgainAt: string | null;
                            /** @description Why it cannot go on, and what to do */
                            blocked: {
                                text: string;
                                /** @enum {string} */
                                why: "token" | "refused";
                            } | null;
                            by: string;
                            /**
                             * @description What becomes of the licenses that Apportion gave: taken back first, or left with their holders
                             * @enum {string}
                             */
                            licenses: "release" | "leave";
                            mayCancel: boolean;
                            openOperations: number;
                            /**
                             * @description Licenses come back; the claim at Apple is released; what is stored is deleted
                             * @enum {string}
                             */
                            phase: "releasing" | "unclaiming" | "deleting";
                            /** @description Apple refused to take them back, and is asked again */
                            refused: number;
                            released: number;
                            releasing: number;
                            /** Format: date-time */
                            since: string;
                            /** @description Licenses that were to come back when it began */
                            total: number;
                        } | null;
                        /** @enum {string} */
                        state: "none" | "running" | "deleted";
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelTokenDeletion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSyncs: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Rows on a page */
                limit?: number;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            askedAt: string;
                            /** @description Assets read anew because their counts did not add up */
                            assetsReread: number;
                            assetsSeen: number;
                            /**
                             * @description drift: something did not add up; sweep: a look in between that found something
                             * @enum {string}
                             */
                            cause: "first" | "schedule" | "administrator" | "drift" | "sweep";
                            finishedAt: string | null;
                            /** Format: uuid */
                            id: string;
                            /** @description Licenses that Apple has and we did not know */
                            licensesFound: number;
                            /** @description Licenses that we knew and Apple no longer has */
                            licensesGone: number;
                            licensesSeen: number;
                            pagesDone: number;
                            /** @description Pages of the present phase, once known */
                            pagesTotal: number | null;
                            phase: ("connect" | "assets" | "users" | "licenses" | "compare" | "titles") | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                            /**
                             * @description What changed since the last look, or every license one by one
                             * @enum {string}
                             */
                            scope: "changes" | "everything";
                            startedAt: string | null;
                            /** @enum {string} */
                            state: "waiting" | "running" | "done" | "failed";
                            usersSeen: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startSync: {
        parameters: {
            query?: {
                /** @description Compare every license one by one, not only what changed */
                everything?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        askedAt: string;
                        /** @description Assets read anew because their counts did not add up */
                        assetsReread: number;
                        assetsSeen: number;
                        /**
                         * @description drift: something did not add up; sweep: a look in between that found something
                         * @enum {string}
                         */
                        cause: "first" | "schedule" | "administrator" | "drift" | "sweep";
                        finishedAt: string | null;
                        /** Format: uuid */
                        id: string;
                        /** @description Licenses that Apple has and we did not know */
                        licensesFound: number;
                        /** @description Licenses that we knew and Apple no longer has */
                        licensesGone: number;
                        licensesSeen: number;
                        pagesDone: number;
                        /** @description Pages of the present phase, once known */
                        pagesTotal: number | null;
                        phase: ("connect" | "assets" | "users" | "licenses" | "compare" | "titles") | null;
                        problem: {
                            code: string;
                            detail: string;
                        } | null;
                        /**
                         * @description What changed since the last look, or every license one by one
                         * @enum {string}
                         */
                        scope: "changes" | "everything";
                        startedAt: string | null;
                        /** @enum {string} */
                        state: "waiting" | "running" | "done" | "failed";
                        usersSeen: number;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    inspectToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The text of the .vpptoken file, exactly as downloaded from Apple */
                    content: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        accountType: "business" | "education";
                        country: string;
                        /** Format: date-time */
                        expiresAt: string;
                        /** @description Another device-management service that holds this location at Apple */
                        holder: {
                            id: string | null;
                            metadata: string | null;
                            name: string | null;
                        } | null;
                        /** @description The token that opens the same location here already */
                        known: {
                            name: string;
                            tokenId: number;
                        } | null;
                        locationName: string | null;
                        organizationName: string;
                        suggestedName: string;
                        uid: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description With `groupId`: without those in the groups in it */
                direct?: string;
                /** @description Those in this group and in the groups in it */
                groupId?: number;
                /** @description Those who are in this state at some location */
                joinState?: "not_registered" | "registering" | "waiting_to_join" | "joined" | "refused" | "retired";
                /** @description Rows on a page */
                limit?: number;
                q?: string;
                /** @description With `joinState`: at this location */
                tokenId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description False for who has left: in no group any more */
                            active: boolean;
                            /** Format: date-time */
                            createdAt: string;
                            department: string | null;
                            devices: number;
                            email: string | null;
                            id: number;
                            /** @description With which the person joins without an invitation */
                            managedAppleAccount: string | null;
                            name: string;
                            /** Format: date-time */
                            updatedAt: string;
                            userName: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    active?: boolean;
                    department?: string | null;
                    email?: string | null;
                    managedAppleAccount?: string | null;
                    name?: string;
                    userName: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False for who has left: in no group any more */
                        active: boolean;
                        /** Format: date-time */
                        createdAt: string;
                        department: string | null;
                        devices: number;
                        email: string | null;
                        id: number;
                        /** @description With which the person joins without an invitation */
                        managedAppleAccount: string | null;
                        name: string;
                        /** Format: date-time */
                        updatedAt: string;
                        userName: string;
                    };
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False for who has left: in no group any more */
                        active: boolean;
                        /** Format: date-time */
                        createdAt: string;
                        department: string | null;
                        devices: number;
                        email: string | null;
                        id: number;
                        /** @description With which the person joins without an invitation */
                        managedAppleAccount: string | null;
                        name: string;
                        /** Format: date-time */
                        updatedAt: string;
                        userName: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description False for who has left: in no group any more */
                        active: boolean;
                        /** Format: date-time */
                        createdAt: string;
                        department: string | null;
                        devices: number;
                        email: string | null;
                        id: number;
                        joins: {
                            /** @description The last time that a device of the person was told to ask; null when none was */
                            deviceInvitation: {
                                answeredAt: string | null;
                                /** Format: date-time */
                                askedAt: string;
                                /** @description Null when the device is not known any more */
                                deviceId: number | null;
                                deviceName: string | null;
                                errors: {
                                    code: number;
                                    domain: string;
                                    text: string;
                                }[];
                                /** @description The device's own word: Acknowledged, InvalidProgramID or InvalidInvitationURL */
                                result: string | null;
                                /**
                                 * @description waiting: the device has not answered. shown: its person was asked, which is not that the person accepted. withdrawn: the device was never told, or left before it answered
                                 * @enum {string}
                                 */
                                state: "waiting" | "shown" | "refused" | "withdrawn";
                            } | null;
                            /** @description As Apple has it */
                            email: string | null;
                            /** @description An invitation is open; its address is asked for by itself, since it is secret */
                            invited: boolean;
                            /** @description User licenses of the person there, those on their way included */
                            licenses: number;
                            problem: {
                                advice: string;
                                /** @description When it is tried again by itself; null: when the account changes or somebody asks */
                                again: string | null;
                                /** Format: date-time */
                                at: string;
                                /** @enum {string} */
                                code: "account_not_usable" | "account_taken" | "address_not_valid" | "passing" | "other";
                                /** @description Apple's */
                                errorNumber: number | null;
                                says: string;
                            } | null;
                            /** @description Since when Apple knows the person, as far as we saw it */
                            registeredAt: string | null;
                            /**
                             * @description waiting_to_join: invited, a license may be reserved already. joined: an Apple Account stands behind the person. refused: Apple refused the last request. retired: was known to Apple and is no more
                             * @enum {string}
                             */
                            state: "not_registered" | "registering" | "waiting_to_join" | "joined" | "refused" | "retired";
                            token: {
                                id: number;
                                name: string;
                            };
                        }[];
                        /** @description With which the person joins without an invitation */
                        managedAppleAccount: string | null;
                        name: string;
                        /** Format: date-time */
                        updatedAt: string;
                        userName: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    showInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                tokenId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        url: string;
                    };
                };
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                tokenId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); `code` says which */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
